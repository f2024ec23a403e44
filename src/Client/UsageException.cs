namespace MedGenCluster.Client;

/// <summary>A value on the command line that cannot be used; the message names the option and says what to do.</summary>
internal sealed class UsageException(string message) : Exception(message);
