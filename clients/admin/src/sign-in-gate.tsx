import {
  Notice,
  SignInForm,
  useGraphServices,
  useSessionState,
  useTitle,
  type Viewer,
} from '@marquee/client-kit';
import type { ComponentChildren } from 'preact';
import { SignInDocument } from './generated/graphql.ts';

/**
 * Lets admins in and tells everyone else why not. It only spares them a page of refusals: what
 * protects the data is the graph, which checks the role of every request.
 */
export const SignInGate = ({ children }: { children: ComponentChildren }) => {
  const { sessions } = useGraphServices();
  const state = useSessionState();
  if (state.status === 'signed-in' && state.session.viewer.role === 'ADMIN') return <>{children}</>;
  if (state.status === 'signed-in') {
    return (
      <TurnedAway
        viewer={state.session.viewer}
        onSignOut={() => {
          sessions.end();
        }}
      />
    );
  }
  return <SignInPage ended={state.status === 'ended'} />;
};

const SignInPage = ({ ended }: { ended: boolean }) => {
  useTitle('Sign in · Marquee admin');
  return (
    <div class="gate stack">
      <h1>Sign in as an admin</h1>
      {ended && <Notice tone="info">Your session has ended.</Notice>}
      <SignInForm document={SignInDocument} refuse={whyNot} />
    </div>
  );
};

const TurnedAway = ({ viewer, onSignOut }: { viewer: Viewer; onSignOut: () => void }) => {
  useTitle('Admins only · Marquee admin');
  return (
    <div class="gate stack">
      <h1>Admins only</h1>
      <p>{whyNot(viewer)}</p>
      <div class="row">
        <button type="button" class="button button--primary" onClick={onSignOut}>
          Sign in as somebody else
        </button>
        <a href="/">To the films</a>
      </div>
    </div>
  );
};

const whyNot = (viewer: Viewer): string | undefined =>
  viewer.role === 'ADMIN'
    ? undefined
    : `${viewer.displayName} (${viewer.id}) is a user, not an admin. Only admins may change films, people, users and interactions.`;
