namespace MedGenCluster.Client.Workplaces;

/// <summary>What was asked for cannot be had here; the message says why and names the option or what to do.</summary>
internal sealed class WorkplaceException(string message, Exception? inner = null) : Exception(message, inner);
