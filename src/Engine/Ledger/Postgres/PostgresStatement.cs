using System.Data.Common;
using System.Globalization;
using System.Text.RegularExpressions;
using Npgsql;
using NpgsqlTypes;

namespace MedGenCluster.Engine.Ledger.Postgres;

/// <summary>Many runs go to the server together: what is queued travels with the next statement whose result is wanted.</summary>
internal sealed partial class PostgresStatement(PostgresSession session, string sql, string types) : Statement
{
    // The driver's own form, which it need not parse.
    private readonly string _sql = Parameter().Replace(sql, match => "$" + (int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture) + 1).ToString(CultureInfo.InvariantCulture));

    public override int Execute(params ReadOnlySpan<object?> values)
    {
        var command = Command(values);
        session.Execute(command);
        return (int)command.Rows;
    }

    public override void Queue(params ReadOnlySpan<object?> values) => session.Queue(Command(values));

    public override IReadOnlyList<int> ExecuteEach(IReadOnlyList<object?[]> rows)
    {
        var changed = new List<int>(rows.Count);
        foreach (var part in rows.Chunk(PostgresSession.MaxBatch))
        {
            var commands = Array.ConvertAll(part, row => Command(row));
            session.Execute(commands);
            changed.AddRange(commands.Select(command => (int)command.Rows));
        }

        return changed;
    }

    public override IReadOnlyList<long?> ScalarEach(IReadOnlyList<object?[]> rows)
    {
        var results = new List<long?>(rows.Count);
        foreach (var part in rows.Chunk(PostgresSession.MaxBatch))
        {
            using var reader = session.Read(Array.ConvertAll(part, row => Command(row)));
            do
            {
                results.Add(reader.Read() && !reader.IsDBNull(0) ? reader.GetInt64(0) : null);
            }
            while (reader.NextResult());
        }

        return results;
    }

    public override DbDataReader Read(params ReadOnlySpan<object?> values) => session.Read(Command(values));

    public override void Dispose()
    {
    }

    private NpgsqlBatchCommand Command(ReadOnlySpan<object?> values)
    {
        var command = new NpgsqlBatchCommand(_sql);
        for (var i = 0; i < values.Length; i++)
        {
            // Types are told, not guessed from values: a null has one too, and the server keeps one plan for the statement.
            var (type, value) = types[i] switch
            {
                'i' => (NpgsqlDbType.Bigint, values[i] is { } number ? Convert.ToInt64(number, CultureInfo.InvariantCulture) : null),
                'r' => (NpgsqlDbType.Double, values[i]),
                't' => (NpgsqlDbType.Text, values[i] is string text ? Clean.Text(text) : null),
                'I' => (NpgsqlDbType.Bigint | NpgsqlDbType.Array, ((IEnumerable<long>)values[i]!).ToArray()),
                'T' => (NpgsqlDbType.Text | NpgsqlDbType.Array, ((IEnumerable<string>)values[i]!).Select(Clean.Text).ToArray()),
                var other => throw new NotSupportedException($"There is no parameter type {other}."),
            };
            command.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = type, Value = value ?? DBNull.Value });
        }

        return command;
    }

    [GeneratedRegex(@"@(\d+)")]
    private static partial Regex Parameter();
}
