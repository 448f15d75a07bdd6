import { useGraphServices, usePlace, useSessionState } from '@marquee/client-kit';
import { tablePath } from './paths.ts';

export interface AdminHeaderProps {
  readonly collections: readonly { readonly slug: string; readonly plural: string }[];
}

export const AdminHeader = ({ collections }: AdminHeaderProps) => {
  const { sessions } = useGraphServices();
  const state = useSessionState();
  const { params } = usePlace();
  const viewer = state.status === 'signed-in' ? state.session.viewer : undefined;
  const current = params['collection'] ?? collections[0]?.slug;
  return (
    <header class="site-header">
      <div class="site-header__inner">
        <a class="brand" href="/admin/">
          <span class="brand__mark" aria-hidden="true">
            ▚
          </span>{' '}
          Marquee <span class="brand__place">admin</span>
        </a>
        {viewer?.role === 'ADMIN' && (
          <nav aria-label="Collections">
            <ul class="tabs">
              {collections.map(({ slug, plural }) => (
                <li key={slug}>
                  <a
                    class="tab"
                    href={tablePath(slug)}
                    aria-current={slug === current ? 'page' : undefined}
                  >
                    {plural}
                  </a>
                </li>
              ))}
            </ul>
          </nav>
        )}
        <div class="row">
          <a class="small" href="/">
            Site
          </a>
          <a class="small" href="/graphiql">
            GraphiQL
          </a>
          {viewer && (
            <>
              <span class="small">
                <span class="visually-hidden">Signed in as </span>
                {viewer.displayName}
              </span>
              <button
                type="button"
                class="button button--small"
                onClick={() => {
                  sessions.end();
                }}
              >
                Sign out
              </button>
            </>
          )}
        </div>
      </div>
    </header>
  );
};
