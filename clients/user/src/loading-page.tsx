/** Stands in for a page that is on its way; quiet at first, since most are there at once. */
export const LoadingPage = () => (
  <p class="loading soft" role="status">
    Loading…
  </p>
);
