namespace MedGenCluster.Engine.Clustering;

/// <summary>The cluster cannot be joined or configured; the message says what to do.</summary>
public sealed class ClusterException(string message, Exception? inner = null) : Exception(message, inner);
