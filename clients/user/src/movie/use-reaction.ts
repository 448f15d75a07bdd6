import { newOperationId, useGraph, type Graph, type GraphProblem } from '@marquee/client-kit';
import { useEffect, useRef, useState } from 'preact/hooks';
import {
  DislikeMovieDocument,
  LikeMovieDocument,
  RemoveReactionDocument,
  type Reaction,
} from '../generated/graphql.ts';
import { withReaction, type Reactions } from './reaction.ts';

export interface ReactionControl {
  /** As the viewer wants it, at once; as it was, if saving fails. */
  readonly shown: Reactions;
  readonly problems: readonly GraphProblem[];
  readonly react: (wanted: Reaction | null) => void;
  readonly forgetProblems: () => void;
}

/**
 * The viewer's reaction to a film. One request runs at a time; what is pressed meanwhile is sent
 * afterwards, and only the last of it.
 */
export const useReaction = (movieId: string, loaded: Reactions): ReactionControl => {
  const graph = useGraph();
  const saved = useRef(loaded);
  const wanted = useRef(loaded.viewerReaction);
  const saving = useRef(false);
  const [shown, setShown] = useState(loaded);
  const [problems, setProblems] = useState<readonly GraphProblem[]>([]);

  const show = (): void => {
    setShown(withReaction(saved.current, wanted.current));
  };

  useEffect(() => {
    // Loaded before the running request was answered, so older than what that will bring.
    if (saving.current) return;
    saved.current = loaded;
    wanted.current = loaded.viewerReaction;
    show();
  }, [loaded]);

  const save = async (): Promise<void> => {
    saving.current = true;
    while (wanted.current !== saved.current.viewerReaction) {
      const target = wanted.current;
      const outcome = await sendReaction(graph, movieId, target);
      if ('counts' in outcome) {
        // Saved, but the film cannot be read now: the counts are what they must be.
        saved.current = outcome.counts
          ? { ...outcome.counts, viewerReaction: target }
          : withReaction(saved.current, target);
      } else {
        wanted.current = saved.current.viewerReaction;
        setProblems(outcome.problems);
      }
      show();
    }
    saving.current = false;
  };

  return {
    shown,
    problems,
    react: (next) => {
      wanted.current = next;
      setProblems([]);
      show();
      if (!saving.current) void save();
    },
    forgetProblems: () => {
      setProblems([]);
    },
  };
};

const sendReaction = async (
  graph: Graph,
  movieId: string,
  reaction: Reaction | null,
): Promise<
  { counts: Omit<Reactions, 'viewerReaction'> | null } | { problems: readonly GraphProblem[] }
> => {
  const variables = { movieId, operationId: newOperationId() };
  const { data, problems } = await (reaction === 'LIKE'
    ? graph.mutate(LikeMovieDocument, variables)
    : reaction === 'DISLIKE'
      ? graph.mutate(DislikeMovieDocument, variables)
      : graph.mutate(RemoveReactionDocument, variables));
  const result = data?.result;
  if (result?.__typename === 'ReactionSaved') return { counts: result.movie };
  if (result) return { problems: [{ code: 'NOT_FOUND', path: '' }] };
  return { problems };
};
