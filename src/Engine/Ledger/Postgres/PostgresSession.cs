using System.Data;
using System.Net.Sockets;
using Npgsql;

namespace MedGenCluster.Engine.Ledger.Postgres;

/// <summary>The writer's connection to PostgreSQL. It numbers its transactions in a row of its own, inside each: when a commit gets no answer, the row says
/// whether it took place. (Transaction ids would not do: the server may give one again that it forgot in a crash.)</summary>
/// <param name="connectionString">Of a database with a ledger.</param>
internal sealed class PostgresSession(string connectionString) : LedgerSession
{
    public const int MaxBatch = 500;

    private readonly List<NpgsqlBatchCommand> _queue = [];
    private NpgsqlConnection? _connection;
    private NpgsqlTransaction? _transaction;
    private long? _writer;
    private long _turn;

    public override Dialect Dialect => PostgresDialect.Instance;

    /// <summary>The session's number among all that ever wrote to the ledger.</summary>
    public long Writer => _writer!.Value;

    public void Open()
    {
        if (_connection is { State: ConnectionState.Open })
        {
            return;
        }

        Drop();
        _connection = new NpgsqlConnection(connectionString);
        _connection.Open();

        // A silo that stands still in the middle of a transaction must not hold up the others.
        Command("SET idle_in_transaction_session_timeout = '15s'; SET jit = off").ExecuteNonQuery();
        Command("SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'").ExecuteNonQuery();
        _writer ??= (long)Command("INSERT INTO writer(turn) VALUES (0) RETURNING id").ExecuteScalar()!;
    }

    public override long Begin()
    {
        Open();
        _turn++;
        _transaction = _connection!.BeginTransaction();
        return Prepare("SELECT now_ms()").Scalar()!.Value;
    }

    public override void Commit()
    {
        // Only a transaction that has written has an id, and a turn worth noting.
        var note = new NpgsqlBatchCommand("UPDATE writer SET turn = $1 WHERE id = $2 AND pg_current_xact_id_if_assigned() IS NOT NULL");
        note.Parameters.Add(new NpgsqlParameter<long> { TypedValue = _turn });
        note.Parameters.Add(new NpgsqlParameter<long> { TypedValue = Writer });
        Execute(note);
        try
        {
            _transaction!.Commit();
        }
        catch (NpgsqlException exception) when (note.Rows > 0 && Judge(exception) == LedgerFailure.Lost)
        {
            Drop();
            throw new CommitUnknownException(exception);
        }

        _transaction.Dispose();
        _transaction = null;
    }

    public override bool WasCommitted()
    {
        Open();

        // The row is locked as long as the transaction in question is under way.
        using var command = Command("SELECT turn FROM writer WHERE id = $1 FOR UPDATE");
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = Writer });
        return (long?)command.ExecuteScalar() == _turn;
    }

    public override void Rollback()
    {
        _queue.Clear();
        try
        {
            _transaction?.Rollback();
            _transaction?.Dispose();
            _transaction = null;
        }
        catch (Exception)
        {
            Drop();
        }
    }

    public override LedgerFailure Judge(Exception failure) => failure switch
    {
        PostgresException { SqlState: "40001" or "40P01" or "55P03" or "57014" } => LedgerFailure.Conflict,
        PostgresException { SqlState: "53100" } => LedgerFailure.NoRoom,
        PostgresException { SqlState: "25006" or "25P03" } => LedgerFailure.Lost,
        PostgresException answer when answer.SqlState[..2] is "08" or "53" or "57" or "58" => LedgerFailure.Lost,
        PostgresException => LedgerFailure.Operation,
        NpgsqlException or IOException or SocketException or TimeoutException => LedgerFailure.Lost,
        InvalidOperationException or ObjectDisposedException when _connection is not { State: ConnectionState.Open } => LedgerFailure.Lost,
        _ => LedgerFailure.Operation,
    };

    public override string Explain(Exception failure) => Judge(failure) == LedgerFailure.NoRoom
        ? $"The ledger cannot write: {Message(failure)}. Free some space on the disk of its PostgreSQL; work goes on by itself."
        : $"The ledger's PostgreSQL does not answer ({Message(failure)}). Work waits, and goes on by itself when it is back.";

    public void Queue(NpgsqlBatchCommand command)
    {
        _queue.Add(command);
        if (_queue.Count >= MaxBatch)
        {
            Execute();
        }
    }

    /// <summary>Runs what is queued and then these.</summary>
    public void Execute(params ReadOnlySpan<NpgsqlBatchCommand> commands)
    {
        using var batch = Batch(commands);
        batch.ExecuteNonQuery();
    }

    /// <summary>Runs what is queued and then these, and reads what these return.</summary>
    public NpgsqlDataReader Read(params ReadOnlySpan<NpgsqlBatchCommand> commands) => Batch(commands).ExecuteReader();

    internal static string Message(Exception failure) =>
        failure is PostgresException answer ? answer.MessageText : failure.InnerException is SocketException socket ? socket.Message : failure.Message.TrimEnd('.');

    protected override Statement Compile(string sql, string types) => new PostgresStatement(this, sql, types);

    protected override void Close() => Drop();

    private NpgsqlBatch Batch(ReadOnlySpan<NpgsqlBatchCommand> commands)
    {
        var batch = new NpgsqlBatch(_connection, _transaction);
        foreach (var queued in _queue)
        {
            batch.BatchCommands.Add(queued);
        }

        _queue.Clear();
        foreach (var command in commands)
        {
            batch.BatchCommands.Add(command);
        }

        return batch;
    }

    private NpgsqlCommand Command(string sql) => new(sql, _connection);

    private void Drop()
    {
        _queue.Clear();
        try
        {
            _connection?.Dispose();
        }
        catch (Exception)
        {
            // It is lost already.
        }

        (_connection, _transaction) = (null, null);
    }
}
