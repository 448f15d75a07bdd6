import { Modal, SignInForm } from '@marquee/client-kit';
import { createContext, type ComponentChildren } from 'preact';
import { useCallback, useContext, useState } from 'preact/hooks';
import { SignInDocument } from './generated/graphql.ts';

/** Asks the visitor to sign in. `then` runs once they have, and never if they turn away. */
export type AskToSignIn = (request?: { reason?: string; then?: () => void }) => void;

const SignInContext = createContext<AskToSignIn>(() => undefined);

export const useSignIn = (): AskToSignIn => useContext(SignInContext);

export const SignInProvider = ({ children }: { children: ComponentChildren }) => {
  const [request, setRequest] = useState<Parameters<AskToSignIn>[0]>();
  const ask = useCallback<AskToSignIn>((asked = {}) => {
    setRequest(asked);
  }, []);
  const close = (): void => {
    setRequest(undefined);
  };
  return (
    <SignInContext.Provider value={ask}>
      {children}
      {request && (
        <Modal title="Sign in" onClose={close}>
          {request.reason !== undefined && <p>{request.reason}</p>}
          <SignInForm
            document={SignInDocument}
            onSignedIn={() => {
              close();
              request.then?.();
            }}
          />
        </Modal>
      )}
    </SignInContext.Provider>
  );
};
