import type { FieldProblem, RequestScope } from '@marquee/subgraph-kit';

/** The people whom credits name, whose documents another subgraph serves. */
export interface CreditedPeople {
  /**
   * The names of these people by id, and a problem for each position whose person does not exist.
   * @throws SHARD_UNAVAILABLE
   */
  namesOf(
    personIds: readonly string[],
    pathOf: (index: number) => string,
  ): Promise<{ names: ReadonlyMap<string, string>; problems: readonly FieldProblem[] }>;
}

export const createCreditedPeople = (scope: RequestScope): CreditedPeople => ({
  namesOf: async (personIds, pathOf) => {
    const distinct = [...new Set(personIds)];
    const found = await scope.router.findByIds('person', distinct, {
      ...scope.readOptions,
      projection: { name: 1 },
    });
    const names = new Map<string, string>();
    for (const person of found) {
      if (person instanceof Error) throw person;
      if (person !== null) names.set(person._id, String(person.name));
    }
    const problems = personIds.flatMap((id, index) =>
      names.has(id) ? [] : [{ path: pathOf(index), message: 'there is no such person' }],
    );
    return { names, problems };
  },
});
