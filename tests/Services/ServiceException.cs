namespace MedGenCluster.Services;

/// <summary>A server of a test did not start or did not do what was asked; the message holds the end of its log.</summary>
public sealed class ServiceException(string message, Exception? inner = null) : Exception(message, inner);
