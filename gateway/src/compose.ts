import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { composeServices, type CompositionSuccess } from '@apollo/composition';
import { MarqueeError } from '@marquee/errors';
import { parse, printSchema, type DocumentNode } from 'graphql';
import { parse as parseYaml } from 'yaml';
import { z } from 'zod';

const SupergraphFile = z.object({
  subgraphs: z.record(
    z.string().regex(/^[a-z][a-z0-9-]*$/),
    z.object({
      routing_url: z.url({ protocol: /^https?$/, error: 'expected an http(s) URL' }),
      schema: z.object({ file: z.string().min(1) }),
    }),
  ),
});

export interface SubgraphDefinition {
  readonly name: string;
  readonly url: string;
  readonly typeDefs: DocumentNode;
}

/** What the subgraphs make together, or why they do not fit. Texts end with a line break. */
export type Composition =
  | {
      readonly status: 'composed';
      readonly supergraphSdl: string;
      /** What clients see: the supergraph without federation's own directives. */
      readonly apiSdl: string;
      readonly hints: readonly string[];
    }
  | { readonly status: 'failed'; readonly errors: readonly string[] };

/**
 * Reads supergraph.yaml and the schemas that it names, relative to itself.
 *
 * @throws CONFIGURATION_INVALID that names the entry, or the schema file and its line.
 */
export const readSubgraphs = async (supergraphYaml: string): Promise<SubgraphDefinition[]> => {
  const parsed = SupergraphFile.safeParse(parseYaml(await readFile(supergraphYaml, 'utf8')));
  if (!parsed.success) {
    const problems = parsed.error.issues.map(
      (issue) => `${issue.path.join('.')}: ${issue.message}`,
    );
    throw invalid(`${supergraphYaml}: ${problems.join('; ')}`);
  }
  return Promise.all(
    Object.entries(parsed.data.subgraphs).map(async ([name, { routing_url, schema }]) => ({
      name,
      url: routing_url,
      typeDefs: await readSchema(resolve(dirname(supergraphYaml), schema.file)),
    })),
  );
};

const readSchema = async (path: string): Promise<DocumentNode> => {
  try {
    return parse(await readFile(path, 'utf8'));
  } catch (cause) {
    throw invalid(`${path}: ${String(cause)}`, cause);
  }
};

const invalid = (message: string, cause?: unknown): MarqueeError =>
  new MarqueeError('CONFIGURATION_INVALID', {}, { message, cause });

/** Composes without rover; the same input gives the same text, byte for byte. */
export const composeSubgraphs = (subgraphs: readonly SubgraphDefinition[]): Composition => {
  const inOrder = [...subgraphs].sort((a, b) => (a.name < b.name ? -1 : 1));
  const result = composeServices(inOrder);
  if (result.errors) {
    return { status: 'failed', errors: result.errors.map((error) => error.message) };
  }
  const apiSchema = result.schema.toAPISchema().toGraphQLJSSchema();
  return {
    status: 'composed',
    supergraphSdl: `${result.supergraphSdl.trimEnd()}\n`,
    apiSdl: `${printSchema(apiSchema)}\n`,
    hints: result.hints.map(describeHint),
  };
};

type CompositionHint = CompositionSuccess['hints'][number];

// `Versioned` has in each subgraph only the type that this one saves: that is its purpose.
const isExpected = (hint: CompositionHint): boolean =>
  hint.definition.code === 'INCONSISTENT_UNION_MEMBER' && hint.message.includes('"Versioned"');

const describeHint = (hint: CompositionHint): string =>
  `${hint.definition.code}${isExpected(hint) ? ' (expected)' : ''}: ${hint.message}`;
