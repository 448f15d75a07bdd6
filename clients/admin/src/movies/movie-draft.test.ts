import { changedOnly } from '../records/draft-values.ts';
import { emptyMovieDraft, movieInputOf, type MovieDraft } from './movie-draft.ts';

const draft: MovieDraft = {
  ...emptyMovieDraft,
  title: ' Heat ',
  year: '1995',
  genres: 'Crime, , Drama ,',
  credits: [
    { kind: 'CAST', person: { id: 'pacino', name: 'Al Pacino' }, part: 'Vincent Hanna' },
    { kind: 'CREW', person: { id: 'mann', name: 'Michael Mann' }, part: 'Director' },
  ],
};

describe('the input of a film', () => {
  it('is what was written, without what surrounds it', () => {
    expect(movieInputOf(draft)).toMatchObject({
      title: 'Heat',
      year: 1995,
      runtimeMinutes: null,
      genres: ['Crime', 'Drama'],
      plot: null,
    });
  });

  it('has ids elsewhere one a line, and leaves it to the graph to refuse what is none', () => {
    const { externalIds } = movieInputOf({
      ...draft,
      externalIds: ' imdb: tt0113277 \n\ntmdb:949\nnonsense',
    });
    expect(externalIds).toEqual([
      { source: 'imdb', id: 'tt0113277' },
      { source: 'tmdb', id: '949' },
      { source: 'nonsense', id: '' },
    ]);
  });

  it('has characters for cast and jobs for crew', () => {
    expect(movieInputOf(draft).credits).toEqual([
      { kind: 'CAST', personId: 'pacino', character: 'Vincent Hanna' },
      { kind: 'CREW', personId: 'mann', job: 'Director' },
    ]);
  });

  it('changes only what was changed, and empties what was emptied', () => {
    const changed = { ...draft, year: '', tagline: 'A Los Angeles crime saga' };
    expect(changedOnly(movieInputOf(draft), movieInputOf(changed))).toEqual({
      year: null,
      tagline: 'A Los Angeles crime saga',
    });
  });
});
