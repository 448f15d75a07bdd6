import {
  GraphQLError,
  Kind,
  type ASTVisitor,
  type FragmentDefinitionNode,
  type OperationDefinitionNode,
  type SelectionSetNode,
  type ValidationContext,
} from 'graphql';
import type { OperationLimits } from './limits.ts';

interface Shape {
  readonly depth: number;
  readonly aliases: number;
  readonly fields: number;
}

const EMPTY: Shape = { depth: 0, aliases: 0, fields: 0 };

type FragmentOf = (name: string) => FragmentDefinitionNode | null | undefined;

/**
 * Depth, aliases and root fields of an operation, fragments counted wherever they are spread. Each
 * fragment is measured once, so that a document of fragments within fragments costs no more than
 * its own length.
 */
const createMeasure = (fragmentOf: FragmentOf): ((selectionSet: SelectionSetNode) => Shape) => {
  const measured = new Map<string, Shape>();

  const measureFragment = (name: string): Shape => {
    const known = measured.get(name);
    if (known) return known;
    // A cycle ends here; the rule on cycles refuses it.
    measured.set(name, EMPTY);
    const fragment = fragmentOf(name);
    const shape = fragment ? measure(fragment.selectionSet) : EMPTY;
    measured.set(name, shape);
    return shape;
  };

  const measure = (selectionSet: SelectionSetNode): Shape => {
    let { depth, aliases, fields } = EMPTY;
    for (const selection of selectionSet.selections) {
      let shape: Shape;
      if (selection.kind === Kind.FIELD) {
        // Introspection has a bound of its own, in graphql-js.
        const isIntrospection = selection.name.value.startsWith('__');
        const below =
          selection.selectionSet && !isIntrospection ? measure(selection.selectionSet) : EMPTY;
        shape = {
          depth: below.depth + 1,
          aliases: below.aliases + (selection.alias ? 1 : 0),
          fields: 1,
        };
      } else {
        shape =
          selection.kind === Kind.INLINE_FRAGMENT
            ? measure(selection.selectionSet)
            : measureFragment(selection.name.value);
      }
      depth = Math.max(depth, shape.depth);
      aliases += shape.aliases;
      fields += shape.fields;
    }
    return { depth, aliases, fields };
  };
  return measure;
};

/** Refuses operations that are too deep, have too many aliases or too many root fields. */
export const createShapeRule =
  (limits: OperationLimits) =>
  (context: ValidationContext): ASTVisitor => ({
    OperationDefinition: (node) => {
      const measure = createMeasure((name) => context.getFragment(name));
      const shape = measure(node.selectionSet);
      const refuse = (what: string, limit: number, actual: number): void => {
        if (actual > limit) context.reportError(tooMuch(node, what, limit, actual));
      };
      refuse('levels of fields', limits.depthMax, shape.depth);
      refuse('aliases', limits.aliasesMax, shape.aliases);
      refuse('root fields', limits.rootFieldsMax, shape.fields);
      return false;
    },
  });

const tooMuch = (
  node: OperationDefinitionNode,
  what: string,
  limit: number,
  actual: number,
): GraphQLError =>
  new GraphQLError(`The operation has ${actual} ${what}; at most ${limit} are allowed.`, {
    nodes: node,
    extensions: { limit, actual },
  });
