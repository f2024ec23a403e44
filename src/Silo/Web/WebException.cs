namespace MedGenCluster.Silo.Web;

/// <summary>The host cannot be reached as asked for; the message names the option and says what to do.</summary>
public sealed class WebException(string message, Exception? inner = null) : Exception(message, inner);
