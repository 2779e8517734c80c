/** How long tests wait for a database, in a file of its own: processes outside mocha use it, too. */
export const DATABASE_WAITS = {
  databaseConnectSeconds: 10,
  databaseWaitSeconds: 15,
  databaseStallSeconds: 60,
};
