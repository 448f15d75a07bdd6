import { useTitle } from '@marquee/client-kit';

/** There is nothing at this address. */
export const MissingPage = ({ what }: { what: string }) => {
  useTitle('Nothing here · Marquee admin');
  return (
    <div class="stack">
      <h1>There is no such {what}.</h1>
      <p class="soft">It may have been deleted, or the address has a typing error.</p>
    </div>
  );
};
