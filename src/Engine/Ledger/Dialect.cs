namespace MedGenCluster.Engine.Ledger;

/// <summary>What databases say differently.</summary>
internal abstract class Dialect
{
    /// <summary>True where the session is the only writer while its transaction lasts, and what it knows stays true.</summary>
    public abstract bool WritesAlone { get; }

    /// <summary>Locks the rows of a SELECT, at its end, until the transaction ends.</summary>
    public abstract string ForUpdate { get; }

    /// <summary>Lets one transaction of a kind (<c>@0</c>) run at a time, whoever writes; null where that is so anyway.</summary>
    public abstract string? TakeTurn { get; }

    /// <summary>Reads the mark of a clip index: two whole numbers, what was inserted last and what was changed last.</summary>
    public abstract string Mark { get; }

    /// <summary>A term: the number before it is among those of items that were inserted or changed since a mark, whose numbers are <c>@item</c> and <c>@decision</c>.</summary>
    public abstract string ChangedSince { get; }

    /// <summary>Stores the searchable form <c>@1</c> of an item's (<c>@0</c>) captions.</summary>
    public abstract string StoreWords { get; }

    /// <summary>Items whose captions fulfil <c>@query</c>, ascending.</summary>
    public abstract string FindWords { get; }

    /// <summary>A term: the value before it is among those of a list.</summary>
    public abstract string In(int list);

    /// <summary>A term: the value before it is none of those of a list.</summary>
    public abstract string NotIn(int list);

    /// <summary>A list as rows <c>k(value)</c>, for a FROM.</summary>
    public abstract string Each(int list);

    /// <summary>A term: the number before it is among those that a SELECT finds, whose rows are locked as it goes.</summary>
    public abstract string Found(string select);

    /// <summary>A term: the number before it is among the first <c>@limit</c> that a SELECT finds for one key after another, leaving out rows that others have locked.</summary>
    /// <param name="select">Gives the SELECT for a key.</param>
    /// <param name="keys">Parameter: the keys, or a single one where <see cref="TakesOneKey"/>.</param>
    public abstract string Taken(Func<string, string> select, int keys, int limit);

    /// <summary>True where <see cref="Taken"/> looks at a single key.</summary>
    public abstract bool TakesOneKey { get; }

    /// <summary>The searchable form of captions.</summary>
    public abstract string Words(string text);

    /// <summary>What finds captions with all words of a text, each as the beginning of a word; null for a text without words.</summary>
    public abstract string? Query(string text);
}
