import { CommandError, typeMismatch } from '../../command-error.ts';
import { AGGREGATION_STAGES, type AggregationStage, isListed } from '../../scope/scope.ts';
import { NO_VARIABLES, type Variables } from '../expression/operator-compiler.ts';
import { type Document, isDocument, type Value } from '../value.ts';
import {
  compileCount,
  compileLimit,
  compileMatch,
  compileSkip,
  compileSortStage,
  limitCount,
  matchFilter,
  skipCount,
  sortSpec,
} from './flow-stages.ts';
import { groupFields } from './group-fields.ts';
import { compileGroup } from './group.ts';
import {
  compileAddFields,
  compileProject,
  compileReplaceRoot,
  compileReplaceWith,
  compileUnset,
} from './shape-stages.ts';
import type { Emit, Stage, StageCompiler, StageRun } from './stage.ts';
import { compileUnwind } from './unwind.ts';

const STAGE_COMPILERS: Record<AggregationStage, StageCompiler> = {
  $match: compileMatch,
  $sort: compileSortStage,
  $limit: compileLimit,
  $skip: compileSkip,
  $project: compileProject,
  $addFields: compileAddFields('$addFields'),
  $set: compileAddFields('$set'),
  $unset: compileUnset,
  $replaceRoot: compileReplaceRoot,
  $replaceWith: compileReplaceWith,
  $group: compileGroup,
  $unwind: compileUnwind,
  $count: compileCount,
};

/** What the first stages ask of the collection; a query can answer it, with an index. */
export interface LeadingQuery {
  readonly filter: Document;
  readonly sort?: Document;
  readonly skip?: number;
  readonly limit?: number;
}

export interface Pipeline {
  readonly leading: LeadingQuery;
  /** Nothing is left to do once `leading` is answered. */
  readonly isQuery: boolean;
  /** The top-level fields that what follows `leading` looks at; undefined where it may be any. */
  readonly fields: ReadonlySet<string> | undefined;
  /** Starts what follows `leading`; each resulting document goes to `emit`. */
  start(emit: Emit): PipelineRun;
}

export interface PipelineRun {
  /** False once no further document is wanted. */
  push(document: Document): boolean;
  /** To be called once, after the last document. */
  finish(): void;
}

/** Compiles a pipeline. Throws CommandError, 40324 for a stage outside the scope. */
export function compilePipeline(
  stages: readonly Value[],
  variables: Variables = NO_VARIABLES,
): Pipeline {
  const specs = stages.map(stageOf);
  const compiled = specs.map(({ name, spec }) => STAGE_COMPILERS[name](spec, variables));
  const { leading, length } = leadingOf(specs);
  const rest = compiled.slice(length);
  return {
    leading,
    isQuery: rest.length === 0,
    fields: rest.length === 1 ? groupFields(stages.at(-1)) : undefined,
    start: (emit) => startStages(rest, emit),
  };
}

interface StageSpec {
  readonly name: AggregationStage;
  readonly spec: Value;
}

export function stageOf(stage: Value): StageSpec {
  if (!isDocument(stage)) {
    throw typeMismatch("Each element of the 'pipeline' array must be an object");
  }
  const [first] = stage;
  if (!first || stage.size !== 1) {
    throw new CommandError(
      40323,
      'A pipeline stage specification object must contain exactly one field.',
    );
  }
  const [name, spec] = first;
  if (!isListed(AGGREGATION_STAGES, name)) {
    throw new CommandError(40324, `Unrecognized pipeline stage name: '${name}'`);
  }
  return { name, spec };
}

/** `$match`es, then a `$sort`, a `$skip`, a `$limit`: the order in which a query does them. */
function leadingOf(specs: readonly StageSpec[]): { leading: LeadingQuery; length: number } {
  let position = 0;
  const take = (name: AggregationStage): Value => {
    const stage = specs[position];
    if (stage?.name !== name) return undefined;
    position += 1;
    return stage.spec;
  };
  const filters: Document[] = [];
  for (let spec = take('$match'); spec !== undefined; spec = take('$match')) {
    filters.push(matchFilter(spec));
  }
  const sort = take('$sort');
  const skip = take('$skip');
  const limit = take('$limit');
  return {
    length: position,
    leading: {
      filter: conjunction(filters),
      ...(sort === undefined ? {} : { sort: sortSpec(sort) }),
      ...(skip === undefined ? {} : { skip: skipCount(skip) }),
      ...(limit === undefined ? {} : { limit: limitCount(limit) }),
    },
  };
}

function conjunction(filters: readonly Document[]): Document {
  const [only = new Map() as Document, ...others] = filters;
  return others.length === 0 ? only : new Map([['$and', [...filters]]]);
}

function startStages(stages: readonly Stage[], emit: Emit): PipelineRun {
  const runs = stages.map((stage) => stage());
  let wantsMore = true;
  const from = (position: number): Emit => {
    const run = runs[position];
    if (!run) return emit;
    const next = from(position + 1);
    return (document) => {
      if (!run.push(document, next)) exhausted.add(run);
    };
  };
  const exhausted = new Set<StageRun>();
  const entry = from(0);
  return {
    push: (document) => {
      if (wantsMore) entry(document);
      wantsMore = exhausted.size === 0;
      return wantsMore;
    },
    finish: () => {
      runs.forEach((run, position) => {
        run.finish(from(position + 1));
      });
    },
  };
}

/** Compiles a whole pipeline, `leading` included, into a function of documents that are already there. */
export function compileStages(
  stages: readonly Value[],
  variables: Variables = NO_VARIABLES,
): (documents: Iterable<Document>) => Document[] {
  const compiled = stages
    .map(stageOf)
    .map(({ name, spec }) => STAGE_COMPILERS[name](spec, variables));
  return (documents) => {
    const results: Document[] = [];
    const run = startStages(compiled, (document) => results.push(document));
    for (const document of documents) if (!run.push(document)) break;
    run.finish();
    return results;
  };
}

export const runPipeline = (
  stages: readonly Value[],
  documents: Iterable<Document>,
  variables: Variables = NO_VARIABLES,
): Document[] => compileStages(stages, variables)(documents);
