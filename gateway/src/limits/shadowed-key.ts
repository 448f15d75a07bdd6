import {
  GraphQLError,
  isAbstractType,
  Kind,
  parse,
  type ASTVisitor,
  type ConstDirectiveNode,
  type DefinitionNode,
  type DocumentNode,
  type FieldDefinitionNode,
  type InterfaceTypeDefinitionNode,
  type ObjectTypeDefinitionNode,
  type SelectionSetNode,
  type ValidationContext,
} from 'graphql';

/** Type → the names of its fields that the gateway itself asks for to find the entity elsewhere. */
export type KeyFields = ReadonlyMap<string, ReadonlySet<string>>;

/** Reads the key fields of every type, and what other fields require, out of a supergraph's SDL. */
export const keyFieldsOf = (supergraphSdl: string): KeyFields => {
  const document = parse(supergraphSdl);
  const fieldTypes = fieldTypesOf(document);
  const keys = new Map<string, Set<string>>();

  const add = (type: string, selectionSet: SelectionSetNode): void => {
    const names = keys.get(type) ?? new Set();
    keys.set(type, names);
    for (const selection of selectionSet.selections) {
      if (selection.kind === Kind.INLINE_FRAGMENT) {
        add(selection.typeCondition?.name.value ?? type, selection.selectionSet);
      }
      if (selection.kind !== Kind.FIELD) continue;
      names.add(selection.name.value);
      const fieldType = fieldTypes.get(`${type}.${selection.name.value}`);
      if (selection.selectionSet && fieldType) add(fieldType, selection.selectionSet);
    }
  };
  const addArgument = (
    type: string,
    directives: readonly ConstDirectiveNode[] | undefined,
    directive: string,
    argument: string,
  ): void => {
    for (const node of directives ?? []) {
      const value = node.arguments?.find(({ name }) => name.value === argument)?.value;
      if (node.name.value !== directive || value?.kind !== Kind.STRING) continue;
      const definition = parse(`{ ${value.value} }`, { noLocation: true }).definitions[0];
      if (definition?.kind === Kind.OPERATION_DEFINITION) add(type, definition.selectionSet);
    }
  };

  for (const definition of document.definitions) {
    if (!hasFields(definition)) continue;
    const type = definition.name.value;
    addArgument(type, definition.directives, 'join__type', 'key');
    definition.fields?.forEach((field) =>
      addArgument(type, field.directives, 'join__field', 'requires'),
    );
  }
  return keys;
};

const hasFields = (
  definition: DefinitionNode,
): definition is ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode =>
  definition.kind === Kind.OBJECT_TYPE_DEFINITION ||
  definition.kind === Kind.INTERFACE_TYPE_DEFINITION;

const fieldTypesOf = (document: DocumentNode): ReadonlyMap<string, string> =>
  new Map(
    document.definitions
      .filter(hasFields)
      .flatMap((definition) =>
        (definition.fields ?? []).map((field) => [
          `${definition.name.value}.${field.name.value}`,
          namedTypeOf(field),
        ]),
      ),
  );

const namedTypeOf = (field: FieldDefinitionNode): string => {
  let type = field.type;
  while (type.kind !== Kind.NAMED_TYPE) type = type.type;
  return type.name.value;
};

/** The variable in which the gateway sends keys to subgraphs. */
const ENTITIES_VARIABLE = 'representations';

/**
 * Refuses an alias that takes the name of a key field for another one, as in
 * `{ movie(id: "x") { id: title likeCount } }`: the gateway would hand the title on as the id and
 * answer with the counts of another film, or of none. Refuses its own variable's name as well.
 */
export const createShadowedKeyRule =
  (keyFields: KeyFields) =>
  (context: ValidationContext): ASTVisitor => ({
    VariableDefinition: ({ variable }) => {
      if (variable.name.value !== ENTITIES_VARIABLE) return;
      const message = `The name \`$${ENTITIES_VARIABLE}\` is reserved; use another variable.`;
      context.reportError(new GraphQLError(message, { nodes: variable }));
    },
    Field: (node) => {
      const alias = node.alias?.value;
      const parent = context.getParentType();
      if (alias === undefined || alias === node.name.value || !parent) return;
      const types = isAbstractType(parent)
        ? [parent, ...context.getSchema().getPossibleTypes(parent)]
        : [parent];
      const shadowed = types.find((type) => keyFields.get(type.name)?.has(alias));
      if (!shadowed && !alias.startsWith('__')) return;
      const reason = shadowed
        ? `because \`${alias}\` is what ${shadowed.name} is identified by`
        : 'because names that begin with two underscores are reserved';
      const message = `The alias \`${alias}: ${node.name.value}\` is not allowed ${reason}; use another alias.`;
      context.reportError(new GraphQLError(message, { nodes: node }));
    },
  });
