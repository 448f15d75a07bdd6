import {
  getNamedType,
  getNullableType,
  isCompositeType,
  isListType,
  isObjectType,
  isInterfaceType,
  Kind,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLOutputType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type GraphQLNamedType,
  type SelectionSetNode,
} from 'graphql';
import { FIELD_COSTS, PAGE_MAX, UNPAGED_LIST_SIZE } from './limits.ts';

/**
 * How many fields the answer may hold at most, and what it costs beside to read them (`fieldCosts`, by
 * `Type.field`): a list multiplies what is below it, by `first` where the list or the connection around
 * it has one. A `first` out of range counts as the nearest one in
 * range: refusing it is the subgraph's part, which names the argument.
 */
export const complexityOf = (
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  variables: Readonly<Record<string, unknown>>,
  fieldCosts: Readonly<Record<string, number>> = FIELD_COSTS,
): number => {
  const defaults = new Map(
    (operation.variableDefinitions ?? []).map((definition) => [
      definition.variable.name.value,
      definition.defaultValue,
    ]),
  );
  const measured = new Map<string, number>();

  const firstOf = (node: FieldNode, field: GraphQLField<unknown, unknown>): number | undefined => {
    const definition = field.args.find((argument) => argument.name === 'first');
    if (!definition) return undefined;
    const given = node.arguments?.find((argument) => argument.name.value === 'first')?.value;
    let value: unknown = definition.defaultValue;
    if (given?.kind === Kind.INT) value = Number(given.value);
    if (given?.kind === Kind.VARIABLE) {
      const fallback = defaults.get(given.name.value);
      value =
        variables[given.name.value] ??
        (fallback?.kind === Kind.INT ? Number(fallback.value) : definition.defaultValue);
    }
    return typeof value === 'number' ? Math.min(Math.max(value, 1), PAGE_MAX) : PAGE_MAX;
  };

  const costOfField = (
    node: FieldNode,
    parent: GraphQLNamedType | undefined,
    page: number | undefined,
  ): number => {
    const field = fieldOf(parent, node.name.value);
    const own = 1 + (field && parent ? (fieldCosts[`${parent.name}.${field.name}`] ?? 0) : 0);
    if (!field || !node.selectionSet) return own;
    const first = firstOf(node, field);
    const type = getNamedType(field.type);
    if (isListOfObjects(field.type)) {
      const size = first ?? page ?? UNPAGED_LIST_SIZE;
      return own + size * costOf(node.selectionSet, type, undefined);
    }
    return own + costOf(node.selectionSet, type, first);
  };

  const costOf = (
    selectionSet: SelectionSetNode,
    parent: GraphQLNamedType | undefined,
    page: number | undefined,
  ): number => {
    let cost = 0;
    for (const selection of selectionSet.selections) {
      if (selection.kind === Kind.FIELD) {
        cost += costOfField(selection, parent, page);
      } else if (selection.kind === Kind.INLINE_FRAGMENT) {
        const type = selection.typeCondition
          ? schema.getType(selection.typeCondition.name.value)
          : parent;
        cost += costOf(selection.selectionSet, type, page);
      } else {
        cost += costOfFragment(selection.name.value, page);
      }
    }
    return cost;
  };

  const costOfFragment = (name: string, page: number | undefined): number => {
    const key = `${name} ${page ?? ''}`;
    const known = measured.get(key);
    if (known !== undefined) return known;
    const fragment = fragments.get(name);
    const cost = fragment
      ? costOf(fragment.selectionSet, schema.getType(fragment.typeCondition.name.value), page)
      : 0;
    measured.set(key, cost);
    return cost;
  };

  return costOf(
    operation.selectionSet,
    schema.getRootType(operation.operation) ?? undefined,
    undefined,
  );
};

const fieldOf = (
  parent: GraphQLNamedType | undefined,
  name: string,
): GraphQLField<unknown, unknown> | undefined =>
  isObjectType(parent) || isInterfaceType(parent) ? parent.getFields()[name] : undefined;

const isListOfObjects = (type: GraphQLOutputType): boolean => {
  return isListType(getNullableType(type)) && isCompositeType(getNamedType(type));
};
