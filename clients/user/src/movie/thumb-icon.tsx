export const ThumbIcon = ({ down }: { down: boolean }) => (
  <svg
    class={down ? 'thumb thumb--down' : 'thumb'}
    viewBox="0 0 24 24"
    width="20"
    height="20"
    fill="none"
    stroke="currentColor"
    stroke-width="2"
    stroke-linejoin="round"
    aria-hidden="true"
  >
    <path d="M7 11v9H3v-9zM7 11l4-8c1.7 0 3 1.300 3 3v4h5.500a2 2 0 0 1 2 2.300l-1.100 6a2 2 0 0 1-2 1.700H7" />
  </svg>
);
