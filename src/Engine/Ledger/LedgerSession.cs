using System.Data.Common;

namespace MedGenCluster.Engine.Ledger;

/// <summary>What a failed transaction means.</summary>
internal enum LedgerFailure
{
    /// <summary>An operation of it failed and would fail again.</summary>
    Operation,

    /// <summary>Others were in the way; the same transaction may succeed now.</summary>
    Conflict,

    /// <summary>The disk is full; it may succeed when there is room.</summary>
    NoRoom,

    /// <summary>The database does not answer; it may succeed when it is back.</summary>
    Lost,
}

/// <summary>The connection of a ledger's writer: one transaction at a time, on one thread.</summary>
internal abstract class LedgerSession : IDisposable
{
    private readonly Dictionary<string, Statement> _statements = new(StringComparer.Ordinal);

    public abstract Dialect Dialect { get; }

    /// <summary>A statement by its text, compiled once for the session's life.</summary>
    /// <param name="types">One letter for each parameter: <c>i</c> a whole number, <c>r</c> a real one, <c>t</c> text, <c>I</c> whole numbers, <c>T</c> texts.</param>
    public Statement Prepare(string sql, string types = "")
    {
        if (!_statements.TryGetValue(sql, out var statement))
        {
            _statements[sql] = statement = Compile(sql, types);
        }

        return statement;
    }

    /// <summary>Begins a transaction, on a new connection where the old one is lost.</summary>
    /// <returns>The ledger's clock, Unix milliseconds.</returns>
    public abstract long Begin();

    /// <exception cref="CommitUnknownException">The database did not say whether the transaction was applied.</exception>
    public abstract void Commit();

    /// <summary>Ends the transaction without a trace, whatever state it is in. Throws nothing.</summary>
    public abstract void Rollback();

    public abstract LedgerFailure Judge(Exception failure);

    /// <summary>What keeps the ledger from writing, in a sentence or two.</summary>
    public abstract string Explain(Exception failure);

    /// <summary>Whether the transaction whose commit got no answer was applied. Waits until it has ended.</summary>
    public virtual bool WasCommitted() => throw new NotSupportedException();

    public void Dispose()
    {
        foreach (var statement in _statements.Values)
        {
            statement.Dispose();
        }

        Close();
    }

    protected abstract Statement Compile(string sql, string types);

    protected abstract void Close();
}

/// <summary>The database did not say whether a transaction was applied.</summary>
internal sealed class CommitUnknownException(DbException cause) : Exception(cause.Message, cause);
