import { parseCollectionName, slotKeyOf, slotOf } from '@marquee/topology';
import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod';
import type { MapSource } from '../served-map/map-source.ts';
import type { ServedMap } from '../served-map/served-map.ts';
import { sendText } from './send-text.ts';
import { LocateBody, LocateParams, Location, Locations } from './schemas.ts';

const locationJson = (served: ServedMap, collectionName: unknown, id: unknown): string => {
  const collection = parseCollectionName(collectionName);
  const slotKey = slotKeyOf(collection, id);
  return served.locationJson(collection, String(id), slotOf(slotKey));
};

/** Where a key is, from the map in memory: strings are joined, nothing is serialised. */
export const locateRoutes =
  (maps: MapSource): FastifyPluginCallbackZod =>
  (app, _options, done) => {
    app.get(
      '/locate/:collection/:key',
      {
        schema: {
          summary: 'Which cluster owns a key',
          params: LocateParams,
          response: { 200: Location },
        },
      },
      (request, reply) => {
        const { collection, key } = request.params;
        sendText(reply, locationJson(maps.current(), collection, key));
      },
    );

    app.post(
      '/locate',
      {
        schema: {
          summary: 'Which clusters own these keys; one bad key fails the request',
          body: LocateBody,
          response: { 200: Locations },
        },
      },
      (request, reply) => {
        const served = maps.current();
        const locations = request.body.keys.map(({ collection, key }) =>
          locationJson(served, collection, key),
        );
        sendText(
          reply,
          `{"version":${String(served.version)},"locations":[${locations.join(',')}]}`,
        );
      },
    );
    done();
  };
