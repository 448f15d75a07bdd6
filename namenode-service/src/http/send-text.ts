/** What is needed of a reply, whatever schema its route has. */
interface JsonReply {
  type(contentType: string): { send(payload: never): unknown };
}

/** Answers with JSON that is text already: the serialiser lets strings pass. */
export const sendText = (reply: JsonReply, json: string): void => {
  reply.type('application/json; charset=utf-8').send(json as never);
};
