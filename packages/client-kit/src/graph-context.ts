import { createContext } from 'preact';
import { useContext, useEffect, useState } from 'preact/hooks';
import type { Graph } from './graph.ts';
import type { PageMemory } from './page-memory.ts';
import type { SessionState, SessionStore } from './session.ts';

/** What every part of a client may need, made once when it starts. */
export interface GraphServices {
  readonly graph: Graph;
  readonly sessions: SessionStore;
  readonly memory: PageMemory;
}

const GraphContext = createContext<GraphServices | undefined>(undefined);

export const GraphProvider = GraphContext.Provider;

export const useGraphServices = (): GraphServices => {
  const services = useContext(GraphContext);
  if (!services) throw new Error('useGraphServices needs a GraphProvider above it.');
  return services;
};

export const useGraph = (): Graph => useGraphServices().graph;

/** Who is signed in; renders again when that changes. */
export const useSessionState = (): SessionState => {
  const { sessions } = useGraphServices();
  const [state, setState] = useState(sessions.state());
  useEffect(() => {
    const change = (): void => {
      setState(sessions.state());
    };
    change();
    return sessions.subscribe(change);
  }, [sessions]);
  return state;
};

/** The handle of who is signed in. What the graph answers may depend on it. */
export const useViewerId = (): string | undefined => {
  const state = useSessionState();
  return state.status === 'signed-in' ? state.session.viewer.id : undefined;
};
