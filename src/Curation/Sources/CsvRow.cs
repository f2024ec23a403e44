using System.Text;

namespace MedGenCluster.Curation.Sources;

/// <summary>Reads one record of RFC 4180 line by line, as a quoted value may hold line ends.</summary>
internal sealed class CsvRow
{
    private readonly List<string> _values = [];
    private readonly StringBuilder _value = new();
    private Place _place = Place.Start;

    public enum Status
    {
        Complete,

        /// <summary>A quoted value is open at the end of the line.</summary>
        NeedsMore,

        /// <summary>Something other than a comma follows a closing quote.</summary>
        Malformed,
    }

    private enum Place
    {
        Start,
        Plain,
        Quoted,
        QuoteInQuoted,
    }

    public IReadOnlyList<string> Values => _values;

    public Status Feed(string line, string end)
    {
        foreach (var c in line)
        {
            switch (_place, c)
            {
                case (Place.Quoted, '"'):
                    _place = Place.QuoteInQuoted;
                    break;
                case (Place.Start, '"'):
                    _place = Place.Quoted;
                    break;
                case (Place.QuoteInQuoted, '"'):
                    _value.Append('"');
                    _place = Place.Quoted;
                    break;
                case (not Place.Quoted, ','):
                    Close();
                    break;
                case (Place.QuoteInQuoted, _):
                    return Status.Malformed;
                default:
                    _value.Append(c);
                    _place = _place == Place.Start ? Place.Plain : _place;
                    break;
            }
        }

        if (_place == Place.Quoted)
        {
            _value.Append(end);
            return Status.NeedsMore;
        }

        Close();
        return Status.Complete;
    }

    private void Close()
    {
        _values.Add(_value.ToString());
        _value.Clear();
        _place = Place.Start;
    }
}
