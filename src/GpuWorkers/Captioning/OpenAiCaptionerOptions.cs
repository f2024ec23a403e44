namespace MedGenCluster.GpuWorkers.Captioning;

/// <summary>An OpenAI-compatible chat endpoint that understands pictures.</summary>
public sealed record OpenAiCaptionerOptions
{
    /// <summary>Base address, up to and including <c>/v1</c>.</summary>
    public Uri Endpoint { get; init; } = new("https://api.openai.com/v1");

    /// <summary>The model as the endpoint names it.</summary>
    public string Model { get; init; } = "";

    /// <summary>Environment variable that holds the key; empty for an endpoint that wants none.</summary>
    public string ApiKeyVariable { get; init; } = "OPENAI_API_KEY";

    /// <summary>Clips that are captioned at the same time.</summary>
    public int Concurrency { get; init; } = 4;

    /// <summary>Longest wait for one answer.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Further tries after 408, 429, 5xx or a broken connection.</summary>
    public int MaxRetries { get; init; } = 3;

    /// <summary>Longest detailed caption, tokens.</summary>
    public int MaxDetailedTokens { get; init; } = 1024;

    /// <summary>Longest brief caption, tokens.</summary>
    public int MaxBriefTokens { get; init; } = 128;

    /// <summary>Sampling temperature, 0 to 2; null leaves it to the endpoint (some models accept only their own).</summary>
    public double? Temperature { get; init; }

    /// <summary>All errors of these options at once; empty when they are usable.</summary>
    /// <param name="variable">Reads an environment variable.</param>
    public IReadOnlyList<string> Validate(Func<string, string?> variable)
    {
        var errors = new List<string>();
        if (!Endpoint.IsAbsoluteUri || Endpoint.Scheme is not ("http" or "https"))
            errors.Add($"Captioner.Endpoint is {Endpoint}; it must be an http or https address such as http://localhost:8000/v1.");
        if (Model.Length == 0)
            errors.Add("Captioner.Model is empty; name the model as the endpoint does.");
        if (ApiKeyVariable.Length > 0 && string.IsNullOrEmpty(variable(ApiKeyVariable)))
            errors.Add($"Captioner.ApiKeyVariable names {ApiKeyVariable}, which is not set; set it, or leave the name empty for an endpoint without keys.");
        if (Concurrency is < 1 or > 1024)
            errors.Add($"Captioner.Concurrency is {Concurrency}; it must be between 1 and 1024.");
        if (Timeout <= TimeSpan.Zero)
            errors.Add($"Captioner.Timeout is {Timeout}; it must be more than 0.");
        if (MaxRetries is < 0 or > 20)
            errors.Add($"Captioner.MaxRetries is {MaxRetries}; it must be between 0 and 20.");
        if (MaxDetailedTokens < 16 || MaxBriefTokens < 16)
            errors.Add("Captioner.MaxDetailedTokens and MaxBriefTokens must be 16 or more.");
        if (Temperature is < 0 or > 2)
            errors.Add($"Captioner.Temperature is {Temperature}; it must be between 0 and 2.");
        return errors;
    }
}
