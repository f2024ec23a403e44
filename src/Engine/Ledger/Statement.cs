using Microsoft.Data.Sqlite;

namespace MedGenCluster.Engine.Ledger;

/// <summary>A prepared statement with positional parameters <c>@0, @1, ...</c>, compiled once for the connection's life: the hot path binds and steps.</summary>
internal sealed class Statement : IDisposable
{
    private readonly SqliteCommand _command;

    public Statement(SqliteConnection connection, string sql, int parameters)
    {
        _command = connection.CreateCommand();
        _command.CommandText = sql;
        for (var i = 0; i < parameters; i++)
        {
            _command.Parameters.Add(new SqliteParameter("@" + i, DBNull.Value));
        }

        _command.Prepare();
    }

    public Statement Bind(SqliteTransaction? transaction, params ReadOnlySpan<object?> values)
    {
        _command.Transaction = transaction;
        for (var i = 0; i < values.Length; i++)
        {
            _command.Parameters[i].Value = values[i] ?? DBNull.Value;
        }

        return this;
    }

    public int Execute() => _command.ExecuteNonQuery();

    public SqliteDataReader Read() => _command.ExecuteReader();

    public long? Scalar() => _command.ExecuteScalar() is long value ? value : null;

    public void Dispose() => _command.Dispose();
}
