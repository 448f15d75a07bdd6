import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { MapSource } from '../served-map/map-source.ts';
import { sendText } from './send-text.ts';
import { ShardMapBody, ShardMapQuery } from './schemas.ts';

/** `true`: the answer counts as confirmed for the read lease (PROTOCOL.md section 5). */
export const CONFIRMED_HEADER = 'x-directory-confirmed';

/** The detection time that the leader waits by, from the log; a router's read lease is two thirds of it. */
export const DETECTION_TIME_HEADER = 'x-detection-time-ms';

export const VERSION_HEADER = 'x-directory-version';

/** The whole map: by ETag, or by long poll for whoever has version `after` already. */
export const shardMapRoutes =
  (maps: MapSource): FastifyPluginCallbackZod =>
  (app, _options, done) => {
    app.get(
      '/shard-map',
      {
        schema: {
          summary: 'Who owns what; waits for a newer version than `after`, up to `waitMs`',
          querystring: ShardMapQuery,
          response: { 200: ShardMapBody, 304: z.null().describe('Nothing newer') },
        },
      },
      async (request, reply) => {
        const { after, waitMs } = request.query;
        const { served, confirmed } =
          after === undefined || waitMs === 0
            ? await maps.confirmed()
            : await maps.newerThan(after, waitMs, request.signal);
        reply
          .header('etag', served.etag)
          .header('cache-control', 'no-cache')
          .header(VERSION_HEADER, served.version)
          .header(CONFIRMED_HEADER, String(confirmed))
          .header(DETECTION_TIME_HEADER, served.detectionTimeMs);
        const known = request.headers['if-none-match'] === served.etag || after === served.version;
        if (known) return reply.code(304).send(null);
        sendText(reply, served.body);
        return reply;
      },
    );
    done();
  };
