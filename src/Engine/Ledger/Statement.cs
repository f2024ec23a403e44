using System.Data.Common;

namespace MedGenCluster.Engine.Ledger;

/// <summary>A statement with positional parameters <c>@0, @1, ...</c>, compiled once for the session's life: the hot path binds and steps.</summary>
internal abstract class Statement : IDisposable
{
    /// <summary>Runs it, after everything that was queued.</summary>
    /// <returns>Rows that it changed.</returns>
    public abstract int Execute(params ReadOnlySpan<object?> values);

    /// <summary>Runs it with the next statement whose result is wanted, or before the transaction ends.</summary>
    public abstract void Queue(params ReadOnlySpan<object?> values);

    /// <summary>Runs it once for each row of values, in their order.</summary>
    /// <returns>Rows that each run changed.</returns>
    public abstract IReadOnlyList<int> ExecuteEach(IReadOnlyList<object?[]> rows);

    /// <summary>Runs it once for each row of values, in their order.</summary>
    /// <returns>The whole number that each run returns, or null where it returns none.</returns>
    public abstract IReadOnlyList<long?> ScalarEach(IReadOnlyList<object?[]> rows);

    /// <summary>Runs it, after everything that was queued. The reader ends before the next statement runs.</summary>
    public abstract DbDataReader Read(params ReadOnlySpan<object?> values);

    /// <returns>The whole number in the first row and column, or null.</returns>
    public long? Scalar(params ReadOnlySpan<object?> values)
    {
        using var reader = Read(values);
        return reader.Read() && !reader.IsDBNull(0) ? reader.GetInt64(0) : null;
    }

    /// <returns>The text in the first row and column, or null.</returns>
    public string? Text(params ReadOnlySpan<object?> values)
    {
        using var reader = Read(values);
        return reader.Read() && !reader.IsDBNull(0) ? reader.GetString(0) : null;
    }

    public abstract void Dispose();
}
