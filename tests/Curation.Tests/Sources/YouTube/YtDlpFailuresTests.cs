using MedGenCluster.Curation.Network;
using MedGenCluster.Curation.Processes;
using MedGenCluster.Curation.Sources.YouTube;

namespace MedGenCluster.Curation.Tests.Sources.YouTube;

public sealed class YtDlpFailuresTests
{
    private const string Video = "https://www.youtube.com/watch?v=abcdefghijk";
    private const string Report = "; please report this issue on  https://github.com/yt-dlp/yt-dlp/issues?q= , filling out the appropriate issue template. Confirm you are on the latest version using  yt-dlp -U";

    [Theory]
    [InlineData("Sign in to confirm you’re not a bot. Use --cookies-from-browser or --cookies for the authentication.", "bot-check")]
    [InlineData("Sign in to confirm you're not a bot. This helps protect our community. Learn more", "bot-check")]
    [InlineData("Unable to download webpage: HTTP Error 429: Too Many Requests (caused by <HTTPError 429: 'Too Many Requests'>)" + Report, "rate-limited")]
    [InlineData("Unable to download API page: HTTP Error 429: Too Many Requests (caused by <HTTPError 429: Too Many Requests>)", "rate-limited")]
    [InlineData("Video unavailable. This content isn’t available, try again later. The current session has been rate-limited by YouTube for up to an hour.", "rate-limited")]
    [InlineData("Unable to download webpage: HTTP Error 402: Payment Required (caused by <HTTPError 402: 'Payment Required'>)" + Report, "bot-check")]
    [InlineData("Unable to download webpage: HTTP Error 403: Forbidden (caused by <HTTPError 403: 'Forbidden'>)" + Report, "forbidden")]
    [InlineData("unable to download video data: HTTP Error 403: Forbidden", "forbidden")]
    public void A_refusal_of_this_machine_is_an_egress_block(string message, string code) => AssertRead(message, FailureKind.EgressBlock, code, permanent: false);

    [Theory]
    [InlineData("Private video. Sign in if you've been granted access to this video", "private")]
    [InlineData("This video is private. If the owner of this video has granted you access, please sign in.", "private")]
    [InlineData("Video unavailable. This video has been removed by the uploader", "removed")]
    [InlineData("This video has been removed for violating YouTube's Terms of Service", "removed")]
    [InlineData("Video unavailable. This video is no longer available because the YouTube account associated with this video has been terminated.", "removed")]
    [InlineData("Video unavailable. This video is no longer available because the uploader has closed their YouTube account.", "removed")]
    [InlineData("This video is no longer available due to a copyright claim by Some Pictures", "copyright")]
    [InlineData("Video unavailable. This video contains content from SME, who has blocked it on copyright grounds", "copyright")]
    [InlineData("Video unavailable. This video contains content from WMG, who has blocked it in your country on copyright grounds", "geo-blocked")]
    [InlineData("Video unavailable. The uploader has not made this video available in your country", "geo-blocked")]
    [InlineData("This video is not available from your location due to geo restriction", "geo-blocked")]
    [InlineData("Sign in to confirm your age. This video may be inappropriate for some users.", "age-restricted")]
    [InlineData("Sign in to confirm your age. This video may be inappropriate for some users. Use --cookies-from-browser or --cookies for the authentication.", "age-restricted")]
    [InlineData("Join this channel to get access to members-only content like this video, and other exclusive perks.", "members-only")]
    [InlineData("This video is available to this channel's members on level: Surgeon (or any higher level). Join this channel to get access to members-only content.", "members-only")]
    [InlineData("This video requires payment to watch.", "paid")]
    [InlineData("This video is only available to Music Premium members", "paid")]
    [InlineData("Premieres in 3 hours", "upcoming")]
    [InlineData("This live event will begin in 2 days.", "upcoming")]
    [InlineData("This live event will begin in a few moments.", "upcoming")]
    [InlineData("This live stream recording is not available.", "live")]
    [InlineData("This video is DRM protected", "drm")]
    [InlineData("Video unavailable", "unavailable")]
    [InlineData("Video unavailable. This video is not available", "unavailable")]
    [InlineData("This video is unavailable", "unavailable")]
    [InlineData("Unable to download webpage: HTTP Error 404: Not Found (caused by <HTTPError 404: 'Not Found'>)" + Report, "unavailable")]
    [InlineData("Unable to download webpage: HTTP Error 410: Gone (caused by <HTTPError 410: 'Gone'>)" + Report, "unavailable")]
    [InlineData("This channel does not have a videos tab", "no-list")]
    [InlineData("YouTube said: The playlist does not exist.", "no-list")]
    [InlineData("YouTube said: This playlist type is unviewable.", "no-list")]
    public void What_is_wrong_with_the_video_alone_is_for_good(string message, string code) => AssertRead(message, FailureKind.VideoSpecific, code, permanent: true);

    [Theory]
    [InlineData("Unable to extract initial player response" + Report, "extractor")]
    [InlineData("Unable to extract yt initial data" + Report, "extractor")]
    [InlineData("Failed to parse JSON (caused by JSONDecodeError('Expecting value in 0'))" + Report, "extractor")]
    [InlineData("nsig extraction failed: Some formats may be missing", "extractor")]
    [InlineData("No video formats found!" + Report, "extractor")]
    [InlineData("An extractor error has occurred. (caused by KeyError('contents'))" + Report, "extractor")]
    [InlineData("Unable to download API page: HTTP Error 400: Bad Request (caused by <HTTPError 400: 'Bad Request'>)" + Report, "extractor")]
    [InlineData("The page needs to be reloaded.", "extractor")]
    [InlineData("unable to write data: [Errno 28] No space left on device", "disk-full")]
    [InlineData("unable to open for writing: [Errno 13] Permission denied: 'media.part'", "not-writable")]
    public void What_our_client_cannot_do_is_the_clients_fault(string message, string code) => AssertRead(message, FailureKind.ClientBroken, code, permanent: false);

    [Theory]
    [InlineData("Unable to download API page: <urlopen error [Errno -2] Name or service not known> (caused by URLError(gaierror(-2, 'Name or service not known')))", "name-resolution")]
    [InlineData("Unable to download webpage: <urlopen error [Errno 111] Connection refused> (caused by URLError(ConnectionRefusedError(111, 'Connection refused')))", "connection")]
    [InlineData("Unable to download webpage: ('Connection aborted.', RemoteDisconnected('Remote end closed connection without response')) (caused by TransportError())", "connection")]
    [InlineData("[download] Got error: [Errno 104] Connection reset by peer. Giving up after 1 retries", "connection")]
    [InlineData("[download] Got error: The read operation timed out. Giving up after 1 retries", "timeout")]
    [InlineData("Unable to download webpage: The read operation timed out (caused by timeout('The read operation timed out'))", "timeout")]
    [InlineData("[download] Got error: Downloaded 500000 bytes, expected 1048576 bytes. Giving up after 1 retries", "truncated")]
    [InlineData("[download] Got error: 262144 bytes read, 786432 more expected. Giving up after 1 retries", "truncated")]
    [InlineData("Did not get any data blocks", "truncated")]
    [InlineData("Incomplete data received", "truncated")]
    [InlineData("Unable to download webpage: HTTP Error 503: Service Unavailable (caused by <HTTPError 503: 'Service Unavailable'>)" + Report, "overloaded")]
    [InlineData("Unable to download webpage: HTTP Error 502: Bad Gateway (caused by <HTTPError 502: 'Bad Gateway'>)" + Report, "server-error")]
    public void Trouble_on_the_way_is_the_networks(string message, string code) => AssertRead(message, FailureKind.Network, code, permanent: false);

    [Fact]
    public void Hosts_that_ask_for_fewer_requests_are_told_apart()
    {
        Assert.True(Read("ERROR: [youtube] abcdefghijk: HTTP Error 429: Too Many Requests").Throttled);
        Assert.True(Read("ERROR: [youtube] abcdefghijk: HTTP Error 503: Service Unavailable").Throttled);
        Assert.False(Read("ERROR: [youtube] abcdefghijk: HTTP Error 403: Forbidden").Throttled);
    }

    [Fact]
    public void A_forbidden_file_after_a_broken_signature_is_the_clients_fault_and_the_hint_names_the_release()
    {
        var failure = Read("WARNING: [youtube] abcdefghijk: nsig extraction failed: You may experience throttling for some formats\nERROR: unable to download video data: HTTP Error 403: Forbidden");

        Assert.Equal(FailureKind.ClientBroken, failure.Kind);
        Assert.Contains("yt-dlp 2025.01.15", failure.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unsupported_address_is_the_clients_fault_on_youtube_and_the_pages_elsewhere()
    {
        var here = Read("ERROR: Unsupported URL: https://www.youtube.com/watch?v=abcdefghijk");
        var there = YtDlpFailures.Of(Run("ERROR: Unsupported URL: https://example.org/about"), "https://example.org/about");

        Assert.Equal(FailureKind.ClientBroken, here.Kind);
        Assert.Equal((FailureKind.VideoSpecific, "unsupported-url", true), (there.Kind, there.Code, there.Permanent));
    }

    [Fact]
    public void Words_in_an_address_are_not_read_as_the_message()
    {
        var failure = YtDlpFailures.Of(Run("ERROR: [generic] copyright-private-video: Unable to download webpage: HTTP Error 503: Service Unavailable"), "https://example.org/copyright-private-video");

        Assert.Equal("overloaded", failure.Code);
    }

    [Fact]
    public void A_crash_is_the_clients_fault_unless_its_exception_says_otherwise()
    {
        const string Crash = "Traceback (most recent call last):\n  File \"/usr/lib/python3/dist-packages/yt_dlp/YoutubeDL.py\", line 1, in x\n";

        Assert.Equal((FailureKind.ClientBroken, "extractor"), (Read(Crash + "KeyError: 'contents'").Kind, Read(Crash + "KeyError: 'contents'").Code));
        Assert.Equal("disk-full", Read(Crash + "OSError: [Errno 28] No space left on device").Code);
        Assert.Equal("program", Read("Usage: yt-dlp [OPTIONS] URL\n\nyt-dlp: error: no such option: --lazy-playlist").Code);
    }

    [Fact]
    public void A_missing_program_says_what_to_install()
    {
        var missing = new YtDlpRun(new ProcessResult(ProcessEnd.NotFound, -1, "", "The program 'yt-dlp' was not found on this machine.", TimeSpan.Zero), [], null);

        var failure = YtDlpFailures.Of(missing, Video);

        Assert.Equal((FailureKind.ClientBroken, "missing-program"), (failure.Kind, failure.Code));
        Assert.Contains("apt-get install yt-dlp", failure.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_that_ends_without_a_word_is_explained_by_what_it_noted()
    {
        Assert.Equal(("live", true), Quiet("[download] abc does not pass filter (!is_live), skipping .."));
        Assert.Equal(("too-large", true), Quiet("[download] File is larger than max-filesize (10 bytes > 5 bytes). Aborting."));
        Assert.Equal(("ended-early", false), Quiet("[info] abc: Downloading 1 format(s): 22"));
        Assert.Equal("stalled", YtDlpFailures.Of(Run("", end: ProcessEnd.StoppedMakingProgress), Video).Code);

        static (string, bool) Quiet(string note)
        {
            var failure = YtDlpFailures.Of(Run("") with { Notes = [note] }, Video);
            return (failure.Code, failure.Permanent);
        }
    }

    [Fact]
    public void What_is_not_known_may_be_tried_again_and_keeps_its_words()
    {
        var failure = Read("ERROR: [youtube] abcdefghijk: The moon is in the wrong phase");

        Assert.Equal((FailureKind.VideoSpecific, "unknown", false), (failure.Kind, failure.Code, failure.Permanent));
        Assert.Contains("wrong phase", failure.Reason, StringComparison.Ordinal);
    }

    private static void AssertRead(string message, FailureKind kind, string code, bool permanent)
    {
        var prefix = message.StartsWith("[download]", StringComparison.Ordinal) || message.StartsWith("unable", StringComparison.Ordinal) ? "ERROR: " : "ERROR: [youtube] abcdefghijk: ";
        var failure = Read("WARNING: [youtube] Falling back to another client\n" + prefix + message);

        Assert.Equal((kind, code, permanent), (failure.Kind, failure.Code, failure.Permanent));
        Assert.DoesNotContain("please report", failure.Reason, StringComparison.Ordinal);
    }

    private static ClientFailure Read(string errors) => YtDlpFailures.Of(Run(errors), Video);

    private static YtDlpRun Run(string errors, ProcessEnd end = ProcessEnd.Exited) => new(new ProcessResult(end, 1, "", errors, TimeSpan.Zero), [], "2025.01.15");
}
