using System.ClientModel;
using System.ClientModel.Primitives;
using MedGenCluster.Curation.Captioning;
using OpenAI;
using OpenAI.Chat;

namespace MedGenCluster.GpuWorkers.Captioning;

/// <summary>Captions by a vision model behind an OpenAI-compatible endpoint: 8 frames and the paper's prompt for the detailed caption
/// (arXiv 2507.05675), then a second request, without frames, that shortens it to one sentence.</summary>
public sealed class OpenAiCaptioner : ICaptioner, IDisposable
{
    private readonly OpenAiCaptionerOptions _options;
    private readonly ChatClient _client;
    private readonly SemaphoreSlim _concurrency;

    /// <param name="apiKey">The key itself; null or empty for an endpoint that wants none.</param>
    public OpenAiCaptioner(OpenAiCaptionerOptions options, string? apiKey, TimeProvider time)
    {
        _options = options;
        _concurrency = new SemaphoreSlim(options.Concurrency);
        var client = new OpenAIClientOptions
        {
            Endpoint = options.Endpoint,
            NetworkTimeout = options.Timeout,
            RetryPolicy = new TimedRetryPolicy(options.MaxRetries, time),
        };
        _client = new ChatClient(options.Model, new ApiKeyCredential(string.IsNullOrEmpty(apiKey) ? "none" : apiKey), client);
    }

    public string Version => $"openai:{_options.Model}:{CaptionPrompt.Hash[..8]}";

    public bool NeedsFrames => true;

    public async Task<CaptionResult> CaptionAsync(CaptionRequest request, CancellationToken cancellationToken)
    {
        await _concurrency.WaitAsync(cancellationToken);
        try
        {
            var (frames, trouble) = request.Frames is null ? FrameFiles.None : await request.Frames(cancellationToken);
            if (trouble is not null)
                return new CaptionResult.Failed(trouble, true);
            if (frames.Count != CaptionPrompt.FrameCount)
                return new CaptionResult.Failed($"The captioner needs {CaptionPrompt.FrameCount} frames of the clip {request.ClipId} and got {frames.Count}.", false);

            var prompt = CaptionPrompt.Detailed(request.Title, request.Description, request.Transcript);
            var detailed = await AskAsync(prompt, frames, _options.MaxDetailedTokens, cancellationToken);
            if (detailed.Trouble is not null)
                return detailed.Trouble;
            var brief = await AskAsync(CaptionPrompt.Brief(detailed.Text), [], _options.MaxBriefTokens, cancellationToken);
            if (brief.Trouble is not null)
                return brief.Trouble;
            var category = CategoryRule.Classify(request.Title, request.Description, $"{request.Transcript} {detailed.Text}");
            return new CaptionResult.Captioned(
                detailed.Text, brief.Text, category, detailed.Model.Length > 0 ? detailed.Model : _options.Model, CaptionPrompt.Hash);
        }
        finally
        {
            _concurrency.Release();
        }
    }

    public void Dispose() => _concurrency.Dispose();

    private async Task<ChatAnswer> AskAsync(string text, IReadOnlyList<ReadOnlyMemory<byte>> frames, int maxTokens, CancellationToken cancellationToken)
    {
        try
        {
            using var content = BinaryContent.Create(ChatRequest.Write(_options, text, frames, maxTokens));
            var result = await _client.CompleteChatAsync(
                content, new RequestOptions { CancellationToken = cancellationToken, ErrorOptions = ClientErrorBehaviors.NoThrow });
            var response = result.GetRawResponse();
            return ChatAnswer.Read(response.Status, response.Content.ToString());
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return ChatAnswer.Of(new CaptionResult.Failed($"The captioning endpoint did not answer within {_options.Timeout.TotalSeconds:0} s.", true));
        }
        catch (Exception error) when (error is ClientResultException or AggregateException or HttpRequestException or IOException)
        {
            return ChatAnswer.Of(new CaptionResult.Failed($"The captioning endpoint {_options.Endpoint} cannot be reached: {Cause(error).Message}", true));
        }
    }

    /// <summary>The last try's innermost reason.</summary>
    private static Exception Cause(Exception error) => ((error as AggregateException)?.InnerExceptions[^1] ?? error).GetBaseException();
}
