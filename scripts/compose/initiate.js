// The health check of MongoDB in compose.yaml, for mongosh. It initiates a
// replica set of one the first time, and fails until the server accepts writes.
const notYetInitialized = 94; // from MongoDB's error_codes.yml

try {
  rs.status();
} catch (error) {
  if (error.code !== notYetInitialized) {
    throw error;
  }
  rs.initiate({ _id: "rs0", members: [{ _id: 0, host: "mongodb:27017" }] });
}
if (!db.hello().isWritablePrimary) {
  quit(1);
}
