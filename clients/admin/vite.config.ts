import preact from '@preact/preset-vite';
import { defineConfig } from 'vite';

/** Where `npm start` puts the gateway unless told otherwise. */
const GATEWAY = 'http://127.0.0.1:4000';

export default defineConfig({
  base: '/admin/',
  plugins: [preact({ devToolsEnabled: false })],
  build: {
    target: 'es2022',
    // The pages forbid data: addresses, so nothing is inlined.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: { host: '127.0.0.1', proxy: { '/graphql': GATEWAY, '/graphiql': GATEWAY } },
});
