import { PickMoviesDocument, PickPeopleDocument, PickUsersDocument } from '../generated/graphql.ts';
import type { PickSearch } from './record-picker.tsx';

const OPTIONS_FIRST = 8;

export const searchMovies: PickSearch = async (graph, query, signal) => {
  const variables = { query, first: OPTIONS_FIRST };
  const { data } = await graph.request(PickMoviesDocument, variables, { signal });
  return (data?.movies?.nodes ?? []).map(({ id, title, year }) => ({
    id,
    name: title,
    detail: [year, id].filter((part) => part !== null).join(' · '),
  }));
};

export const searchPeople: PickSearch = async (graph, query, signal) => {
  const variables = { query, first: OPTIONS_FIRST };
  const { data } = await graph.request(PickPeopleDocument, variables, { signal });
  return (data?.people?.nodes ?? []).map(({ id, name, birthDate }) => ({
    id,
    name,
    detail: birthDate === null ? id : `born ${birthDate}`,
  }));
};

export const searchUsers: PickSearch = async (graph, query, signal) => {
  const variables = { query, first: OPTIONS_FIRST };
  const { data } = await graph.request(PickUsersDocument, variables, { signal });
  return (data?.users?.nodes ?? []).map(({ id, displayName }) => ({
    id,
    name: displayName,
    detail: id,
  }));
};
