namespace MedGenCluster.Engine.Ledger;

/// <summary>The ledger cannot be opened or used; the message says what to do.</summary>
public sealed class LedgerException(string message, Exception? inner = null) : Exception(message, inner);
