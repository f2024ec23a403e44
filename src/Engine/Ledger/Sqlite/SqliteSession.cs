using Microsoft.Data.Sqlite;

namespace MedGenCluster.Engine.Ledger.Sqlite;

internal sealed class SqliteSession(SqliteConnection connection, TimeProvider time) : LedgerSession
{
    private const int SqliteFull = 13;
    private const int SqliteIoError = 10;

    public SqliteConnection Connection => connection;

    public SqliteTransaction? Transaction { get; private set; }

    public override Dialect Dialect => SqliteDialect.Instance;

    public override long Begin()
    {
        Transaction = connection.BeginTransaction(deferred: false);
        return time.GetUtcNow().ToUnixTimeMilliseconds();
    }

    public override void Commit()
    {
        Transaction!.Commit();
        End();
    }

    public override void Rollback()
    {
        try
        {
            // Rolls back what is not committed.
            End();
        }
        catch (SqliteException)
        {
            // SQLite has done so by itself.
            Transaction = null;
        }
    }

    public override LedgerFailure Judge(Exception failure) =>
        failure is SqliteException { SqliteErrorCode: SqliteFull or SqliteIoError } ? LedgerFailure.NoRoom : LedgerFailure.Operation;

    public override string Explain(Exception failure) => $"The ledger cannot write: {failure.Message} Free some space on its disk; work goes on by itself.";

    protected override Statement Compile(string sql, string types) => new SqliteStatement(this, sql, types);

    protected override void Close() => connection.Dispose();

    private void End()
    {
        Transaction?.Dispose();
        Transaction = null;
    }
}
