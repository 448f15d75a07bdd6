import { Notice, usePlace, useRouter, type NoticeProps } from '@marquee/client-kit';
import { createContext, type ComponentChildren } from 'preact';
import { useContext, useMemo, useState } from 'preact/hooks';

/** What came of the last thing done. It stays with the page that it was shown on. */
export interface FlashMessage {
  readonly tone: NoticeProps['tone'];
  readonly text: string;
  readonly action?: NoticeProps['action'];
}

export interface Flash {
  readonly show: (message: FlashMessage) => void;
}

const FlashContext = createContext<Flash>({ show: () => undefined });

export const useFlash = (): Flash => useContext(FlashContext);

export const FlashProvider = ({ children }: { children: ComponentChildren }) => {
  const router = useRouter();
  const { path } = usePlace();
  const [shown, setShown] = useState<{ message: FlashMessage; path: string }>();
  const flash = useMemo<Flash>(
    () => ({
      show: (message) => {
        setShown({ message, path: router.place().path });
      },
    }),
    [router],
  );
  return (
    <FlashContext.Provider value={flash}>
      {shown?.path === path && (
        <div class="flash">
          <Notice
            tone={shown.message.tone}
            action={shown.message.action}
            onDismiss={() => {
              setShown(undefined);
            }}
          >
            {shown.message.text}
          </Notice>
        </div>
      )}
      {children}
    </FlashContext.Provider>
  );
};
