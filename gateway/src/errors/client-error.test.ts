import { CATALOGUE } from '@marquee/errors';
import { toClientError } from './client-error.ts';

describe('toClientError', () => {
  it('lets facts of the closed list out, and those only where they are plain', () => {
    const { extensions } = toClientError({
      message: 'no',
      extensions: {
        code: 'VERSION_CONFLICT',
        argument: 'id',
        currentRevision: 4,
        shard: { name: 'a' },
        operationId: 'x'.repeat(201),
        serviceName: 'movies',
        stacktrace: ['at …'],
      },
    });
    expect(extensions).toEqual({
      code: 'VERSION_CONFLICT',
      retryable: false,
      argument: 'id',
      currentRevision: 4,
    });
  });

  it.each([undefined, 'DOWNSTREAM_SERVICE_ERROR', 'INTERNAL_SERVER_ERROR', 'toString', 7])(
    'makes INTERNAL of the code %p, without its message',
    (code) => {
      expect(toClientError({ message: 'secret', extensions: { code } })).toEqual({
        message: CATALOGUE.INTERNAL.meaning,
        extensions: { code: 'INTERNAL', retryable: false },
      });
    },
  );

  it.each(['connect ECONNREFUSED', 'at mongodb+srv://u:p@host', 'http://10.0.0.7:4001 said no'])(
    'replaces a message that names an address: %s',
    (message) => {
      const error = toClientError({ message, extensions: { code: 'BAD_USER_INPUT' } });
      expect(error.message).toBe(CATALOGUE.BAD_USER_INPUT.meaning);
    },
  );
});
