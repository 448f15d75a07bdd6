export type Fact = readonly [name: string, value: string | null | undefined];

/** Names with values; those without a value are left out. */
export const Facts = ({ facts }: { facts: readonly Fact[] }) => {
  const known = facts.filter(([, value]) => typeof value === 'string' && value !== '');
  if (known.length === 0) return null;
  return (
    <dl class="facts">
      {known.map(([name, value]) => (
        <div key={name} class="facts__row">
          <dt class="facts__name">{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
};
