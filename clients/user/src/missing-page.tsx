import { useTitle } from '@marquee/client-kit';

/** There is nothing at this address. */
export const MissingPage = ({ what }: { what: 'page' | 'film' | 'person' }) => {
  const sentence = `There is no such ${what}.`;
  useTitle(`${sentence.slice(0, -1)} · Marquee`);
  return (
    <div class="stack">
      <h1>{sentence}</h1>
      <p class="soft">It may have been deleted, or the address has a typing error.</p>
      <p>
        <a href="/">All films</a>
      </p>
    </div>
  );
};
