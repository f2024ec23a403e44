using System.Text.Json;
using MedGenCluster.Curation.Captioning;
using MedGenCluster.GpuWorkers.Captioning;
using static MedGenCluster.GpuWorkers.Tests.Captioning.ScriptedEndpoint;

namespace MedGenCluster.GpuWorkers.Tests.Captioning;

public sealed class OpenAiCaptionerTests
{
    private readonly HurriedTime _time = new();

    [Fact]
    public async Task Sends_eight_frames_with_the_papers_prompt_and_then_asks_for_the_brief_caption()
    {
        using var endpoint = new ScriptedEndpoint(Says("A surgeon closes an incision."), Says("An incision is closed."));

        var result = await CaptionAsync(endpoint);

        var caption = Assert.IsType<CaptionResult.Captioned>(result);
        Assert.Equal(("A surgeon closes an incision.", "An incision is closed.", ClipCategory.ClinicalPractice), (caption.Detailed, caption.Brief, caption.Category));
        Assert.Equal(("vision-1", CaptionPrompt.Hash), (caption.Model, caption.PromptHash));
        var requests = endpoint.Bodies.Select(body => JsonDocument.Parse(body).RootElement).ToArray();
        Assert.Equal(2, requests.Length);
        Assert.Equal("vision", requests[0].GetProperty("model").GetString());
        var parts = requests[0].GetProperty("messages")[0].GetProperty("content").EnumerateArray().ToArray();
        Assert.Equal(9, parts.Length);
        Assert.Equal("data:image/jpeg;base64,/9gH", parts[7].GetProperty("image_url").GetProperty("url").GetString());
        Assert.Equal(CaptionPrompt.Detailed("Closing", "How it is done", "now the last stitch"), parts[8].GetProperty("text").GetString());
        var brief = Assert.Single(requests[1].GetProperty("messages")[0].GetProperty("content").EnumerateArray());
        Assert.EndsWith("A surgeon closes an incision.", brief.GetProperty("text").GetString());
        Assert.All(endpoint.Keys, key => Assert.Equal("Bearer secret", key));
    }

    [Fact]
    public async Task Waits_as_long_as_the_endpoint_asks_and_tries_again()
    {
        using var endpoint = new ScriptedEndpoint(
            new Answer(429, "{}", RetryAfter: "7"), new Answer(503, "{}", RetryAfter: "11"), Says("A scan."), Says("A scan."));

        Assert.IsType<CaptionResult.Captioned>(await CaptionAsync(endpoint));

        Assert.Equal([7.0, 11.0], _time.Waits.Select(wait => wait.TotalSeconds));
        Assert.Equal(4, endpoint.Bodies.Count);
    }

    [Fact]
    public async Task Retries_are_bounded_and_counted_in_one_layer()
    {
        using var endpoint = new ScriptedEndpoint(new Answer(500, """{"error":{"message":"out of memory"}}"""));

        var failed = Assert.IsType<CaptionResult.Failed>(await CaptionAsync(endpoint));

        Assert.True(failed.Retryable);
        Assert.Contains("(500): out of memory", failed.Reason);
        Assert.Equal(3, endpoint.Bodies.Count);
    }

    [Theory]
    [InlineData(400, """{"error":{"message":"image too large"}}""", "refused the request (400): image too large")]
    [InlineData(401, """{"error":{"message":"bad key"}}""", "refused the key (401): bad key")]
    [InlineData(404, """{"error":{"message":"no model vision"}}""", "does not know the address or the model (404): no model vision")]
    [InlineData(413, "", "(413): no further words")]
    public async Task What_trying_again_cannot_mend_fails_at_once(int status, string body, string expected)
    {
        using var endpoint = new ScriptedEndpoint(new Answer(status, body));

        var failed = Assert.IsType<CaptionResult.Failed>(await CaptionAsync(endpoint));

        Assert.False(failed.Retryable);
        Assert.Contains(expected, failed.Reason);
        Assert.Single(endpoint.Bodies);
    }

    public static TheoryData<string, string> Garbage => new()
    {
        { "<html><body>Bad gateway</body></html>", "not JSON (it begins with “<html>" },
        { "", "not JSON" },
        { "[]", "has no message" },
        { "{}", "has no message" },
        { """{"choices":[]}""", "has no message" },
        { """{"choices":[{"finish_reason":"stop"}]}""", "has no message" },
        { """{"choices":[{"message":"text"}]}""", "has no message" },
        { """{"choices":[{"message":{"content":null}}]}""", "empty caption" },
        { """{"choices":[{"message":{"content":"  "}}]}""", "empty caption" },
        { """{"choices":[{"message":{"content":{"a":1}}}]}""", "empty caption" },
    };

    [Theory]
    [MemberData(nameof(Garbage))]
    public async Task An_answer_that_is_no_caption_fails_with_a_reason_that_says_what_came(string body, string expected)
    {
        using var endpoint = new ScriptedEndpoint(new Answer(200, body));
        var failed = Assert.IsType<CaptionResult.Failed>(await CaptionAsync(endpoint));
        Assert.Contains(expected, failed.Reason);
        Assert.True(failed.Retryable);
    }

    [Fact]
    public async Task A_finish_reason_of_length_is_a_truncated_caption()
    {
        using var endpoint = new ScriptedEndpoint(Says("A surgeon clo", finish: "length"));
        Assert.Equal("A surgeon clo", Assert.IsType<CaptionResult.Truncated>(await CaptionAsync(endpoint)).Text);
    }

    [Fact]
    public async Task A_refusal_and_a_content_filter_are_refused()
    {
        using var declining = new ScriptedEndpoint(Says("", refusal: "I cannot help with that."));
        Assert.Contains("I cannot help", Assert.IsType<CaptionResult.Refused>(await CaptionAsync(declining)).Reason);
        using var filtered = new ScriptedEndpoint(Says("", finish: "content_filter"));
        Assert.IsType<CaptionResult.Refused>(await CaptionAsync(filtered));
        using var azure = new ScriptedEndpoint(new Answer(400, """{"error":{"code":"content_filter","message":"violence"}}"""));
        Assert.Contains("violence", Assert.IsType<CaptionResult.Refused>(await CaptionAsync(azure)).Reason);
    }

    [Fact]
    public async Task Details_in_which_compatible_servers_differ_do_not_cost_a_caption()
    {
        using var endpoint = new ScriptedEndpoint(new Answer(
            200, """{"choices":[{"finish_reason":"eos_token","message":{"content":[{"type":"text","text":"A "},{"type":"text","text":"scan."}]}}]}"""));
        var caption = Assert.IsType<CaptionResult.Captioned>(await CaptionAsync(endpoint));
        Assert.Equal(("A scan.", "vision"), (caption.Detailed, caption.Model));
    }

    [Fact]
    public async Task An_endpoint_that_is_not_there_can_be_tried_again_later()
    {
        var endpoint = new ScriptedEndpoint(Says("x"));
        var address = endpoint.Address;
        endpoint.Dispose();
        using var captioner = new OpenAiCaptioner(Options(address), "secret", _time);

        var failed = Assert.IsType<CaptionResult.Failed>(await captioner.CaptionAsync(Request(), CancellationToken.None));

        Assert.True(failed.Retryable);
        Assert.Contains("cannot be reached", failed.Reason);
        Assert.Equal(2, _time.Waits.Count);
    }

    [Fact]
    public async Task An_endpoint_that_does_not_answer_in_time_can_be_tried_again_later()
    {
        using var endpoint = new ScriptedEndpoint(Says("x")) { Gate = new() };
        using var captioner = new OpenAiCaptioner(Options(endpoint.Address) with { Timeout = TimeSpan.FromMilliseconds(50), MaxRetries = 0 }, "secret", _time);

        var failed = Assert.IsType<CaptionResult.Failed>(await captioner.CaptionAsync(Request(), CancellationToken.None));

        endpoint.Gate.SetResult();
        Assert.True(failed.Retryable);
        Assert.Contains("did not answer", failed.Reason);
    }

    [Fact]
    public async Task Cancelling_is_not_a_failure()
    {
        using var endpoint = new ScriptedEndpoint(Says("x")) { Gate = new() };
        using var cancellation = new CancellationTokenSource();
        using var captioner = new OpenAiCaptioner(Options(endpoint.Address), "secret", _time);
        var request = Request() with { Frames = async token => { await cancellation.CancelAsync(); return await Frames(token); } };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => captioner.CaptionAsync(request, cancellation.Token));
        endpoint.Gate.SetResult();
    }

    [Fact]
    public async Task No_more_clips_than_the_concurrency_are_in_flight()
    {
        using var endpoint = new ScriptedEndpoint(Says("A scan."));
        using var captioner = new OpenAiCaptioner(Options(endpoint.Address) with { Concurrency = 2 }, "secret", _time);

        var results = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => captioner.CaptionAsync(Request(), CancellationToken.None)));

        Assert.All(results, result => Assert.IsType<CaptionResult.Captioned>(result));
        Assert.InRange(endpoint.MostAtOnce, 1, 2);
    }

    [Fact]
    public async Task A_clip_without_its_frames_is_not_sent()
    {
        using var endpoint = new ScriptedEndpoint(Says("x"));
        using var captioner = new OpenAiCaptioner(Options(endpoint.Address), "secret", _time);
        var failed = Assert.IsType<CaptionResult.Failed>(await captioner.CaptionAsync(Request() with { Frames = null }, CancellationToken.None));
        Assert.Contains("8 frames of the clip clip-1 and got 0", failed.Reason);
        Assert.Empty(endpoint.Bodies);
    }

    [Fact]
    public async Task A_clip_whose_frames_cannot_be_decoded_is_tried_again_with_the_decoders_reason()
    {
        using var endpoint = new ScriptedEndpoint(Says("x"));
        using var captioner = new OpenAiCaptioner(Options(endpoint.Address), "secret", _time);
        var request = Request() with { Frames = _ => Task.FromResult(new FrameFiles([], "ffmpeg gave 3 of 8 frames.")) };
        Assert.Equal(new CaptionResult.Failed("ffmpeg gave 3 of 8 frames.", true), await captioner.CaptionAsync(request, CancellationToken.None));
        Assert.Empty(endpoint.Bodies);
    }

    [Fact]
    public void Options_name_all_that_is_wrong_with_them()
    {
        var errors = new OpenAiCaptionerOptions { Endpoint = new Uri("ftp://x"), Concurrency = 0 }.Validate(_ => null);
        Assert.Equal(4, errors.Count);
        Assert.Contains(errors, error => error.Contains("OPENAI_API_KEY, which is not set"));
        Assert.Empty(new OpenAiCaptionerOptions { Model = "m" }.Validate(name => name == "OPENAI_API_KEY" ? "k" : null));
    }

    private async Task<CaptionResult> CaptionAsync(ScriptedEndpoint endpoint)
    {
        using var captioner = new OpenAiCaptioner(Options(endpoint.Address), "secret", _time);
        Assert.True(captioner.NeedsFrames);
        return await captioner.CaptionAsync(Request(), CancellationToken.None).WaitAsync(TimeSpan.FromMinutes(1));
    }

    private static OpenAiCaptionerOptions Options(Uri address) => new() { Endpoint = address, Model = "vision", MaxRetries = 2 };

    private static CaptionRequest Request() => new("clip-1", "Closing", "How it is done", "now the last stitch") { Frames = Frames };

    private static Task<FrameFiles> Frames(CancellationToken cancellationToken) =>
        Task.FromResult(new FrameFiles([.. Enumerable.Range(0, 8).Select(i => (ReadOnlyMemory<byte>)new byte[] { 0xFF, 0xD8, (byte)i })]));
}
