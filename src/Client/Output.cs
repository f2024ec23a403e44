using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Spectre.Console;

namespace MedGenCluster.Client;

/// <summary>Where commands write: JSON lines on standard output with <c>--json</c>, else text; progress and errors go to standard error.</summary>
internal sealed class Output(bool json)
{
    /// <summary>Plain and wide where the output is not a terminal, so that a file or a pipe gets whole lines without colours.</summary>
    private static readonly IAnsiConsole Terminal = Console.IsOutputRedirected ? Plain() : AnsiConsole.Console;

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public bool IsJson => json;

    public void Value(object value)
    {
        if (json)
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(value, Json));
        }
    }

    public void Line(string text = "")
    {
        if (!json)
        {
            Console.Out.WriteLine(text);
        }
    }

    public void Table(Table table)
    {
        if (!json)
        {
            Terminal.Write(table);
        }
    }

    private static IAnsiConsole Plain()
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors, Interactive = InteractionSupport.No });
        console.Profile.Width = 180;
        return console;
    }

    public static int Fail(string message, int code)
    {
        Console.Error.WriteLine("medgen: " + message);
        return code;
    }

    /// <summary>A table without frames that reads well in a terminal and in a file.</summary>
    public static Table NewTable(params string[] columns)
    {
        var table = new Table().Border(TableBorder.Simple);
        foreach (var column in columns)
        {
            var right = column.StartsWith('>');
            table.AddColumn(new TableColumn(Markup.Escape(right ? column[1..] : column)) { Alignment = right ? Justify.Right : Justify.Left, NoWrap = right });
        }

        return table;
    }
}
