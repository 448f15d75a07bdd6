/** Who is signed in, with the secret that proves it. */
export interface Session {
  readonly token: string;
  /** ISO 8601. */
  readonly expiresAt: string;
  readonly viewer: Viewer;
}

export interface Viewer {
  /** The handle. */
  readonly id: string;
  readonly displayName: string;
  readonly role: 'USER' | 'ADMIN';
}

/** Why nobody is signed in: `ended` when time or the graph ended a session that was there. */
export type SessionState =
  | { readonly status: 'signed-in'; readonly session: Session }
  | { readonly status: 'signed-out' }
  | { readonly status: 'ended' };

/**
 * The session of this tab. It lies in the tab's session storage, so it survives a reload and goes
 * with the tab, and it ends by itself when it expires.
 */
export interface SessionStore {
  state(): SessionState;
  current(): Session | undefined;
  start(session: Session): void;
  end(): void;
  /** The graph did not accept this token; another one that is in use by now stays. */
  refuse(token: string): void;
  /** Calls the listener after each change, until the returned function is called. */
  subscribe(listener: () => void): () => void;
}

export interface SessionStoreOptions {
  readonly storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;
  readonly nowMs: () => number;
  readonly setTimer: (callback: () => void, delayMs: number) => () => void;
}

const STORAGE_KEY = 'marquee.session';

/** Browsers run a timer at once when its delay does not fit 31 bits. */
const TIMER_MAX_MS = 2 ** 31 - 1;

export const createSessionStore = ({
  storage,
  nowMs,
  setTimer,
}: SessionStoreOptions): SessionStore => {
  const listeners = new Set<() => void>();
  let stopTimer = (): void => undefined;
  let state: SessionState = { status: 'signed-out' };

  const change = (next: SessionState): void => {
    stopTimer();
    state = next;
    if (next.status === 'signed-in') {
      storage.setItem(STORAGE_KEY, JSON.stringify(next.session));
      watchExpiry(next.session);
    } else {
      storage.removeItem(STORAGE_KEY);
    }
    for (const listener of listeners) listener();
  };

  const watchExpiry = (session: Session): void => {
    const leftMs = Date.parse(session.expiresAt) - nowMs();
    stopTimer = setTimer(
      () => {
        if (isOver(session, nowMs())) change({ status: 'ended' });
        else watchExpiry(session);
      },
      Math.min(Math.max(leftMs, 0), TIMER_MAX_MS),
    );
  };

  const stored = readSession(storage.getItem(STORAGE_KEY));
  if (stored) {
    change(
      isOver(stored, nowMs()) ? { status: 'ended' } : { status: 'signed-in', session: stored },
    );
  }

  const read = (): SessionState => {
    // A sleeping computer's timers are late; the clock is asked as well.
    if (state.status === 'signed-in' && isOver(state.session, nowMs())) state = { status: 'ended' };
    return state;
  };

  return {
    state: read,
    current: () => {
      const now = read();
      return now.status === 'signed-in' ? now.session : undefined;
    },
    start: (session) => {
      change({ status: 'signed-in', session });
    },
    end: () => {
      change({ status: 'signed-out' });
    },
    refuse: (token) => {
      if (state.status === 'signed-in' && state.session.token === token) {
        change({ status: 'ended' });
      }
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
};

const isOver = (session: Session, nowMs: number): boolean =>
  !(Date.parse(session.expiresAt) > nowMs);

const readSession = (text: string | null): Session | undefined => {
  try {
    const value = JSON.parse(text ?? 'null') as Partial<Session> | null;
    return typeof value?.token === 'string' && typeof value.viewer?.id === 'string'
      ? (value as Session)
      : undefined;
  } catch {
    return undefined;
  }
};
