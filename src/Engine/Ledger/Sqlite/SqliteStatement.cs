using System.Data.Common;
using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace MedGenCluster.Engine.Ledger.Sqlite;

/// <summary>Runs at once whatever is asked: there is no way to the database that could be shared.</summary>
internal sealed class SqliteStatement : Statement
{
    private readonly SqliteSession _session;
    private readonly SqliteCommand _command;

    public SqliteStatement(SqliteSession session, string sql, string types)
    {
        _session = session;
        _command = session.Connection.CreateCommand();
        _command.CommandText = sql;
        for (var i = 0; i < types.Length; i++)
        {
            _command.Parameters.Add(new SqliteParameter("@" + i, DBNull.Value));
        }

        _command.Prepare();
    }

    public override int Execute(params ReadOnlySpan<object?> values)
    {
        Bind(values);
        return _command.ExecuteNonQuery();
    }

    public override void Queue(params ReadOnlySpan<object?> values) => Execute(values);

    public override IReadOnlyList<int> ExecuteEach(IReadOnlyList<object?[]> rows) => [.. rows.Select(row => Execute(row))];

    public override IReadOnlyList<long?> ScalarEach(IReadOnlyList<object?[]> rows) => [.. rows.Select(row => Scalar(row))];

    public override DbDataReader Read(params ReadOnlySpan<object?> values)
    {
        Bind(values);
        return _command.ExecuteReader();
    }

    public override void Dispose() => _command.Dispose();

    private void Bind(ReadOnlySpan<object?> values)
    {
        _command.Transaction = _session.Transaction;
        for (var i = 0; i < values.Length; i++)
        {
            _command.Parameters[i].Value = values[i] switch
            {
                null => DBNull.Value,
                IEnumerable<long> numbers => JsonSerializer.Serialize(numbers.ToArray(), EngineJson.Default.Int64Array),
                IEnumerable<string> texts => JsonSerializer.Serialize(texts.ToArray(), EngineJson.Default.StringArray),
                var value => value,
            };
        }
    }
}
