using System.CommandLine;
using MedGenCluster.Curation.Stages;

namespace MedGenCluster.Client.Commands;

/// <summary>The options that choose a captioner; stored with the job, so that a resumed crawl goes on with the same one.</summary>
internal sealed class CaptionerSelection
{
    private readonly Option<string?> _endpoint = new("--caption-endpoint") { Description = "Base URL of an OpenAI-compatible endpoint; default: the offline template captioner.", HelpName = "url" };
    private readonly Option<string?> _model = new("--caption-model") { Description = "Model that the endpoint is asked for.", HelpName = "name" };
    private readonly Option<string?> _key = new("--caption-key-variable") { Description = "Environment variable that holds the endpoint's key.", HelpName = "name" };

    public void AddTo(Command command)
    {
        command.Options.Add(_endpoint);
        command.Options.Add(_model);
        command.Options.Add(_key);
    }

    public CaptionOptions Read(ParseResult parsed)
    {
        var defaults = new CaptionOptions();
        return new CaptionOptions
        {
            Endpoint = parsed.GetValue(_endpoint) ?? defaults.Endpoint,
            Model = parsed.GetValue(_model) ?? defaults.Model,
            KeyVariable = parsed.GetValue(_key) ?? defaults.KeyVariable,
        };
    }
}
