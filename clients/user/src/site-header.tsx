import { Notice, useGraphServices, useSessionState } from '@marquee/client-kit';
import { useSignIn } from './sign-in.tsx';

export const SiteHeader = () => {
  const { sessions } = useGraphServices();
  const state = useSessionState();
  const signIn = useSignIn();
  return (
    <header class="site-header">
      <div class="site-header__inner">
        <a class="brand" href="/">
          <span class="brand__mark" aria-hidden="true">
            ▚
          </span>{' '}
          Marquee
        </a>
        <div class="row">
          {state.status === 'signed-in' ? (
            <>
              <span class="small">
                <span class="visually-hidden">Signed in as </span>
                {state.session.viewer.displayName}
              </span>
              {state.session.viewer.role === 'ADMIN' && <a href="/admin/">Admin</a>}
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
          ) : (
            <button
              type="button"
              class="button button--small"
              onClick={() => {
                signIn();
              }}
            >
              Sign in
            </button>
          )}
        </div>
      </div>
      {state.status === 'ended' && (
        <Notice
          tone="info"
          action={{
            label: 'Sign in again',
            run: () => {
              signIn();
            },
          }}
          onDismiss={() => {
            sessions.end();
          }}
        >
          Your session has ended.
        </Notice>
      )}
    </header>
  );
};
