import {
  Kind,
  OperationTypeNode,
  type FragmentDefinitionNode,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';

/** Mutations of people whom nobody knows yet: each may cost a hash of a password or a write. */
const OPEN_MUTATIONS: readonly string[] = ['signIn', 'signUp', 'refreshSession', 'signOut'];

/** How many mutations that are open to everybody the operation asks for, whatever it calls them. */
export const countOpenMutations = (
  { operation, selectionSet }: OperationDefinitionNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
): number => {
  if (operation !== OperationTypeNode.MUTATION) return 0;
  const countIn = ({ selections }: SelectionSetNode): number => {
    let count = 0;
    for (const node of selections) {
      if (node.kind === Kind.FIELD) count += OPEN_MUTATIONS.includes(node.name.value) ? 1 : 0;
      else if (node.kind === Kind.INLINE_FRAGMENT) count += countIn(node.selectionSet);
      else {
        const fragment = fragments.get(node.name.value);
        count += fragment === undefined ? 0 : countIn(fragment.selectionSet);
      }
    }
    return count;
  };
  return countIn(selectionSet);
};
