import { useState } from 'preact/hooks';
import { useGraph, useGraphServices } from '../graph-context.ts';
import type { TypedDocument } from '../graph.ts';
import { hasProblem } from '../graph-problem.ts';
import { allInPlainWords } from '../plain-words.ts';
import type { Session, Viewer } from '../session.ts';
import { Notice } from './notice.tsx';
import { TextField } from './text-field.tsx';

export interface SignInFormProps {
  readonly document: TypedDocument<
    { signIn: Session | null },
    { handle: string; password: string }
  >;
  /** Why this viewer may not come in here; undefined for those who may. */
  readonly refuse?: (viewer: Viewer) => string | undefined;
  readonly onSignedIn?: () => void;
}

/** Asks for handle and password and starts the session. */
export const SignInForm = ({ document, refuse, onSignedIn }: SignInFormProps) => {
  const graph = useGraph();
  const { sessions } = useGraphServices();
  const [handle, setHandle] = useState('');
  const [password, setPassword] = useState('');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();

  const signIn = async (): Promise<void> => {
    setBusy(true);
    setProblem(undefined);
    const { data, problems } = await graph.request(
      document,
      { handle: handle.trim().toLowerCase(), password },
      { anonymous: true },
    );
    setBusy(false);
    const session = data?.signIn;
    if (!session) {
      setProblem(
        problems.length === 0 || hasProblem(problems, 'UNAUTHENTICATED')
          ? 'This handle and this password do not fit together.'
          : allInPlainWords(problems).join(' '),
      );
      return;
    }
    const refusal = refuse?.(session.viewer);
    if (refusal !== undefined) {
      setProblem(refusal);
      return;
    }
    sessions.start(session);
    onSignedIn?.();
  };

  return (
    <form
      class="stack"
      onSubmit={(event) => {
        event.preventDefault();
        if (!busy) void signIn();
      }}
    >
      {problem !== undefined && <Notice tone="danger">{problem}</Notice>}
      <TextField
        label="Handle"
        value={handle}
        onChange={setHandle}
        autoComplete="username"
        required
      />
      <TextField
        label="Password"
        type="password"
        value={password}
        onChange={setPassword}
        autoComplete="current-password"
        required
      />
      <button type="submit" class="button button--primary" aria-disabled={busy}>
        {busy ? 'Signing in…' : 'Sign in'}
      </button>
    </form>
  );
};
