import type { ApolloServerPlugin } from '@apollo/server';
import { ApolloServerPluginLandingPageLocalDefault } from '@apollo/server/plugin/landingPage/default';

/**
 * A browser's GET of the graph shows Apollo Sandbox. The page loads it from Apollo's servers, in the
 * browser of whoever is online; the link to the local GraphiQL works for everybody.
 */
export const createSandboxPage = (): ApolloServerPlugin => {
  const sandbox = ApolloServerPluginLandingPageLocalDefault({
    footer: false,
    embed: { endpointIsEditable: false, runTelemetry: false },
  });
  return {
    serverWillStart: async (service) => {
      const listener = await sandbox.serverWillStart?.(service);
      return {
        renderLandingPage: async () => {
          const page = await listener?.renderLandingPage?.();
          const html = page?.html ?? '';
          return {
            html: async () => withLink(typeof html === 'string' ? html : await html()),
          };
        },
      };
    },
  };
};

// The page allows only styles that carry its nonce, new with every request.
const withLink = (html: string): string => {
  const nonce = /nonce-([0-9a-f]+)/.exec(html)?.[1] ?? '';
  const link = `<style nonce="${nonce}">
  .marquee-link { position: fixed; right: 16px; bottom: 16px; z-index: 10; padding: 8px 14px;
    border-radius: 6px; background: #1b2240; color: #fff; font: 14px system-ui, sans-serif;
    text-decoration: none; box-shadow: 0 1px 4px #0006; }
</style>
<a class="marquee-link" href="/graphiql">Local GraphiQL (works offline)</a>
`;
  return html.replace('</body>', `${link}</body>`);
};
