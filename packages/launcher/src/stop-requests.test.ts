import { createStopRequests, SAME_REQUEST_MS } from './stop-requests.ts';

describe('createStopRequests', () => {
  it('takes one Ctrl-C that npm passes on half a millisecond later for one', () => {
    const requested = createStopRequests();
    expect(requested(1_000)).toBe('drain');
    expect(requested(1_000.5)).toBe('same');
    expect(requested(1_000 + SAME_REQUEST_MS - 1)).toBe('same');
  });

  it('takes a later one for the wish to end everything, however often it was pressed before', () => {
    const requested = createStopRequests();
    requested(0);
    requested(SAME_REQUEST_MS - 1);
    expect(requested(SAME_REQUEST_MS)).toBe('kill');
  });
});
